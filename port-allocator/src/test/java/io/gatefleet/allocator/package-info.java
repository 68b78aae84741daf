@NullMarked
package io.gatefleet.allocator;

import org.jspecify.annotations.NullMarked;
