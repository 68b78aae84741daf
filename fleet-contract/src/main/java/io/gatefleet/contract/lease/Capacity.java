package io.gatefleet.contract.lease;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortSet;

/**
 * How much room a host has, in whole gateways.
 *
 * @param footprint of one such gateway
 * @param fits how many more would find a place now
 * @param ofEmptyPool how many the empty pool takes
 * @param freePorts neither lent, resting, reserved, foreign nor the kernel's
 * @param widestGap free ports in a row, at most
 * @param fragmentation 0 to 1: the part of the free ports that no such gateway can use
 */
public record Capacity(
        HostId host,
        PortSet pool,
        Footprint footprint,
        int fits,
        int ofEmptyPool,
        int freePorts,
        int widestGap,
        double fragmentation) {}
