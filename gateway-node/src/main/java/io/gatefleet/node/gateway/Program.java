package io.gatefleet.node.gateway;

import java.util.List;

/**
 * An installed gateway.
 *
 * @param command how it is called; a subcommand follows
 * @param version as its package says it
 */
public record Program(List<String> command, String version) {
    public Program {
        command = List.copyOf(command);
    }
}
