/** Who may do what: tokens, the files that they stand in, and the one place where a route's need is compared with a caller. */
@NullMarked
package io.gatefleet.runtime.access;

import org.jspecify.annotations.NullMarked;
