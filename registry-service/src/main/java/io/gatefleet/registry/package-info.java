/** The registry-service: where nodes join, stay and leave, and where it is remembered which instance runs where. */
@NullMarked
package io.gatefleet.registry;

import org.jspecify.annotations.NullMarked;
