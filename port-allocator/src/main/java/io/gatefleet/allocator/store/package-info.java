/** Where the ledgers of all hosts are kept. */
@NullMarked
package io.gatefleet.allocator.store;

import org.jspecify.annotations.NullMarked;
