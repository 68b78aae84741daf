@NullMarked
package io.gatefleet.allocator.store;

import org.jspecify.annotations.NullMarked;
