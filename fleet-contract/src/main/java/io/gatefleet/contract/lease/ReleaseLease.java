package io.gatefleet.contract.lease;

import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;

/**
 * Gives a lease back. Releasing one that is gone already succeeds.
 *
 * @param portsClosed whether the node proved that no socket is left on any of its ports: then they need no rest
 */
public record ReleaseLease(InstanceKey holder, Incarnation incarnation, boolean portsClosed) {}
