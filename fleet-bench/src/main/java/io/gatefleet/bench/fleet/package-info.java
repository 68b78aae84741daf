/** A whole fleet on one machine: what the services take for it, and how soon operators know. */
@NullMarked
package io.gatefleet.bench.fleet;

import org.jspecify.annotations.NullMarked;
