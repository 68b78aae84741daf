package io.gatefleet.registry.command;

import io.gatefleet.contract.command.CommandView;

/** What became of a question for a command. */
public sealed interface Asking {
    /** It is new here. */
    record Fresh(CommandView view) implements Asking {}

    /** The same was asked before. */
    record Repeated(CommandView view) implements Asking {}

    /** Another order was asked under that id. */
    record IdTaken(CommandView view) implements Asking {}

    /** Too many wait already. */
    record Full(String sentence) implements Asking {}
}
