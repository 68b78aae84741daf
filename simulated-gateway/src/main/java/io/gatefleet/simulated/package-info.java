/** A small process that behaves as an OpenClaw 2026.9.6 gateway does. Nothing but the JDK, so that it starts at once. */
@NullMarked
package io.gatefleet.simulated;

import org.jspecify.annotations.NullMarked;
