package io.gatefleet.contract.command;

/** Whether the node of a command had a request open where the command was sent. */
public record HandedOver(boolean taken) {}
