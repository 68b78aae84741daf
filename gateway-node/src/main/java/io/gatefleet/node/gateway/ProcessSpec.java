package io.gatefleet.node.gateway;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A process to start.
 *
 * @param command the program and its arguments; no secret among them, because every user of a host can read them
 * @param environment the whole of it: nothing is inherited. May hold secrets
 * @param directory where it works
 */
public record ProcessSpec(List<String> command, Map<String, String> environment, Path directory) {
    public ProcessSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** Not yet started; standard streams as {@link ProcessBuilder} has them by default. */
    public ProcessBuilder builder() {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder;
    }

    /** Without the environment's values. */
    @Override
    public String toString() {
        return "ProcessSpec[command=" + command + ", environment=" + environment.keySet() + ", directory=" + directory
                + "]";
    }
}
