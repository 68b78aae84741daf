package io.gatefleet.contract.command;

import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;

/**
 * The one long request that a node keeps open, for commands, was opened or broke off. A goodbye is no break.
 *
 * @param member the registry where it is open
 */
public record OpenRequest(InstanceKey instance, Incarnation incarnation, String member, boolean open) {}
