package io.gatefleet.contract.command;

import io.gatefleet.contract.instance.InstanceKey;

/** What a node said of a command, from the registry that it said it to, to all others. */
public record CommandAnswer(InstanceKey instance, CommandId id, CommandResult result) {}
