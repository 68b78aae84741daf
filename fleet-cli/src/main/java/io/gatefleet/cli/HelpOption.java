package io.gatefleet.cli;

import picocli.CommandLine.Option;

/** {@code --help} of a command whose {@code --version} is a gateway's: it gets none of the options that the others share. */
final class HelpOption {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // picocli looks at the option itself
    private boolean help;
}
