/** What the registry remembers of instances. Pure: no clock, no bus; time comes as a parameter. */
@NullMarked
package io.gatefleet.registry.instance;

import org.jspecify.annotations.NullMarked;
