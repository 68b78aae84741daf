/** Ports as numbers: ranges, sets, and the layouts of gateway families. Pure. */
@NullMarked
package io.gatefleet.contract.port;

import org.jspecify.annotations.NullMarked;
