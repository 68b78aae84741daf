package io.gatefleet.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The fleet's directory on this machine. */
final class Home {
    @Option(
            names = "--home",
            paramLabel = "DIR",
            defaultValue = "${env:GATEFLEET_HOME:-~/.gatefleet}",
            description = "The fleet's directory; also GATEFLEET_HOME. Default: ~/.gatefleet")
    private String directory = "";

    /** Absolute; {@code ~} is the user's home, as a shell would have it. */
    Path path() {
        String text = directory;
        if (text.equals("~") || text.startsWith("~/")) {
            text = System.getProperty("user.home") + text.substring(1);
        }
        return Path.of(text).toAbsolutePath().normalize();
    }
}
