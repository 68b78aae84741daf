/** What a node claims, when it beats, what it gives up and what never: decided without clock, socket or disk. Pure. */
@NullMarked
package io.gatefleet.node.lease;

import org.jspecify.annotations.NullMarked;
