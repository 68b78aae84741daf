/** The {@code gatefleet doctor} command: what was found on this host, for people and for programs. */
@NullMarked
package io.gatefleet.doctor;

import org.jspecify.annotations.NullMarked;
