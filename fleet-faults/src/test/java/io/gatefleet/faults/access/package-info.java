/** Tokens and TLS, with real processes. */
@NullMarked
package io.gatefleet.faults.access;

import org.jspecify.annotations.NullMarked;
