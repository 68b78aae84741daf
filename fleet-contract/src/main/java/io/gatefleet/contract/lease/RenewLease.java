package io.gatefleet.contract.lease;

import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;

/** Keeps a lease for another term; with the guard held it confirms an offered one. */
public record RenewLease(InstanceKey holder, Incarnation incarnation, long fence, GuardState guard) {}
