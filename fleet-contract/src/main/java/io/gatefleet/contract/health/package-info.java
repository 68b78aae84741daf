/** Verdicts about instances, hosts and the fleet, as they are served. Pure. */
@NullMarked
package io.gatefleet.contract.health;

import org.jspecify.annotations.NullMarked;
