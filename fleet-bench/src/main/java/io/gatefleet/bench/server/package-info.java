/** Servers as processes of their own, and what they cost. */
@NullMarked
package io.gatefleet.bench.server;

import org.jspecify.annotations.NullMarked;
