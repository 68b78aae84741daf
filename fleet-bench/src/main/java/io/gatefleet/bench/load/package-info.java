/** The same work for every lease service: seats, callers, steps, and what they took. */
@NullMarked
package io.gatefleet.bench.load;

import org.jspecify.annotations.NullMarked;
