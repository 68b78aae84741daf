package io.gatefleet.contract.lease;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.port.PortSet;
import java.util.List;

/**
 * A host's whole port space, as {@code GET /v1/hosts/{host}/ports} shows it and {@code gatefleet ports} draws it.
 *
 * @param kernel ephemeral and reserved ports inside the pool
 * @param foreign ports inside the pool that strangers hold or may come to hold
 * @param listeners strangers, as the last facts have them
 * @param free what can be lent
 */
public record PortMapView(
        HostId host,
        PortSet pool,
        List<Lease> leases,
        List<RestView> rests,
        List<ReservationView> reservations,
        PortSet kernel,
        PortSet foreign,
        List<Listener> listeners,
        PortSet free) {}
