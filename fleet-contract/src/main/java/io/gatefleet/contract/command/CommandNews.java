package io.gatefleet.contract.command;

/**
 * How a command stands, from the registry that was asked to the others, so that each of them can say.
 *
 * @param member the registry that was asked
 */
public record CommandNews(String member, CommandView view) {}
