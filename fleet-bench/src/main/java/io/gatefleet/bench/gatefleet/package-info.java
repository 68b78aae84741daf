/** Gatefleet as the benchmark starts and asks it. */
@NullMarked
package io.gatefleet.bench.gatefleet;

import org.jspecify.annotations.NullMarked;
