/**
 * Who gets which ports of a host, decided from what is known and from nothing else. Pure: no clock, no bus, no map
 * inside.
 */
@NullMarked
package io.gatefleet.allocator.lease;

import org.jspecify.annotations.NullMarked;
