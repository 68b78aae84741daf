/** The port-allocator: lends every gateway of a host a range of ports that no other one has. */
@NullMarked
package io.gatefleet.allocator;

import org.jspecify.annotations.NullMarked;
