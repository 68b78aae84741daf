/** What nodes and allocators did, line by line. */
@NullMarked
package io.gatefleet.history;

import org.jspecify.annotations.NullMarked;
