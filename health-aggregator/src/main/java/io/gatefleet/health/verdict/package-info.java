/** What the fleet's signals mean. Pure: no clock, no bus; time comes as a parameter. */
@NullMarked
package io.gatefleet.health.verdict;

import org.jspecify.annotations.NullMarked;
