package io.gatefleet.doctor.host;

import io.gatefleet.contract.instance.Flavor;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A gateway family's program in a command line.
 *
 * @param flavor the family
 * @param path the script or command, as written
 * @param arguments what follows it; may hold secrets
 */
record Program(Flavor flavor, String path, List<String> arguments) {
    private static final Pattern PACKAGE =
            Pattern.compile(".*/node_modules/(openclaw|clawdbot|omniclaw)/.*\\.(?:m?js)");
    private static final Pattern COMMAND = Pattern.compile("(?:.*/)?(openclaw|clawdbot|omniclaw)(?:\\.mjs)?");
    private static final Pattern SOURCE =
            Pattern.compile(".*/(openclaw|clawdbot|omniclaw)[^/]*/(?:dist|scripts|src)/[^/]+\\.(?:m?js|ts)");

    /** What {@code gateway} may be followed by that starts none. */
    private static final Set<String> OTHER_COMMANDS = Set.of(
            "install",
            "uninstall",
            "start",
            "stop",
            "restart",
            "status",
            "call",
            "health",
            "probe",
            "discover",
            "usage-cost");

    private static final Set<String> ROOT_OPTIONS_WITH_VALUE = Set.of("--profile", "--log-level");

    /** Without the arguments, which may hold secrets. */
    @Override
    public String toString() {
        return "Program[" + flavor + ", " + path + "]";
    }

    static Optional<Program> of(List<String> commandLine) {
        // The interpreter and its options come first; a path among the program's own arguments is none.
        for (int i = 0; i < Math.min(commandLine.size(), 8); i++) {
            String word = commandLine.get(i);
            for (Pattern pattern : List.of(PACKAGE, COMMAND, SOURCE)) {
                Matcher match = pattern.matcher(word);
                if (match.matches()) {
                    return Optional.of(new Program(
                            Flavor.parse(match.group(1)), word, commandLine.subList(i + 1, commandLine.size())));
                }
            }
        }
        return Optional.empty();
    }

    /** Whether this command line is a gateway: {@code gateway}, {@code gateway run}, with or without options. */
    boolean runsGateway() {
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            if (ROOT_OPTIONS_WITH_VALUE.contains(word)) {
                i++;
            } else if (!word.startsWith("-")) {
                boolean other = i + 1 < arguments.size() && OTHER_COMMANDS.contains(arguments.get(i + 1));
                return word.equals("gateway") && !other;
            }
        }
        return false;
    }
}
