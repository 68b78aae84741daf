package io.gatefleet.contract.lease;

import io.gatefleet.contract.host.HostId;

/** Asks for a host's whole port space. */
public record PortMapQuestion(HostId host) {}
