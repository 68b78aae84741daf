package io.gatefleet.contract.lease;

import io.gatefleet.contract.port.PortSet;

/**
 * Ports that an operator keeps out of the pool.
 *
 * @param name same form as an instance's name
 * @param ports what is kept out
 * @param reason for people; at most 200 characters, may be empty
 */
public record ReservationView(String name, PortSet ports, String reason) {}
