/** What breaks a fleet on purpose, and what looks whether it held: services and nodes to be killed, frozen and cut off. */
@NullMarked
package io.gatefleet.faults;

import org.jspecify.annotations.NullMarked;
