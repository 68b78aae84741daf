@NullMarked
package io.gatefleet.allocator.lease;

import org.jspecify.annotations.NullMarked;
