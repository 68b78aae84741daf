/** Who asked what of whom, and what came of it: written down, for the day when somebody wants to know. */
@NullMarked
package io.gatefleet.runtime.audit;

import org.jspecify.annotations.NullMarked;
