@NullMarked
package io.gatefleet.health.verdict;

import org.jspecify.annotations.NullMarked;
