/** A fleet in network namespaces of its own, and one who breaks it at random and proves what held. */
@NullMarked
package io.gatefleet.faults.nemesis;

import org.jspecify.annotations.NullMarked;
