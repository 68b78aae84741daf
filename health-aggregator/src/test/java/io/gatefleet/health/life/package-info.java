/** The control plane's graceful life: members that come, go, stand still and differ, and what those who ask them see. */
@org.jspecify.annotations.NullMarked
package io.gatefleet.health.life;
