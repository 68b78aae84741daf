package io.gatefleet.node.port;

import io.gatefleet.contract.host.Listener;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a process is called, and what it is taken for. Its arguments are never read: gateways overwrite them, and they may
 * carry secrets. Pure.
 *
 * @param comm {@code /proc/PID/comm}, at most 15 bytes, of the process' own choice
 * @param program file name of {@code /proc/PID/exe}, which nobody can choose; null where it may not be read
 */
record ProcessName(String comm, @Nullable String program) {
    /**
     * Gateways, what they run in and what they start. Both names count: a gateway calls itself {@code openclaw-gatewa}
     * while its program is {@code node}, and node 24 calls itself {@code MainThread} until it is told otherwise.
     *
     * <p>Java alone is no sign: no gateway family runs on it but the simulated one, and if it were, every Kafka and every
     * Tomcat would cost a host 111 ports. So the simulated gateway names itself, as the real ones do: it writes
     * {@code gatefleet-sim} to {@code /proc/self/comm} before it listens. Neither is docker-proxy a sign: a gateway in a
     * container of its own keeps its browsers' ports in there.
     */
    private static final Pattern GATEWAY_LIKE = Pattern.compile("(?:node|nodejs|bun|deno)[0-9.]*"
            + "|(?:.*[-_.])?(?:chrome|chromium)(?:[-_.].*)?"
            + "|headless_shell|msedge.*|brave.*|electron.*"
            + "|(?:openclaw|clawdbot|moltbot|omniclaw|gatefleet-sim).*");

    ProcessName {
        comm = printable(comm);
        program = program == null ? null : printable(program);
    }

    /** From the target of {@code /proc/PID/exe}: the kernel marks a program that was replaced by an upgrade. */
    static ProcessName of(String comm, @Nullable String exe) {
        if (exe == null) {
            return new ProcessName(comm, null);
        }
        String path = exe.endsWith(" (deleted)") ? exe.substring(0, exe.length() - " (deleted)".length()) : exe;
        return new ProcessName(comm, path.substring(path.lastIndexOf('/') + 1));
    }

    Listener.Reading reading() {
        if (gatewayLike(comm) || (program != null && gatewayLike(program))) {
            return Listener.Reading.GATEWAY_LIKE;
        }
        return program == null ? Listener.Reading.UNKNOWN : Listener.Reading.PLAIN;
    }

    /** For people: {@code java}, or {@code openclaw-gatewa (node)} where the two names differ. */
    String shown() {
        // comm is the program's name cut to 15 bytes, unless the process chose another.
        return program == null || program.startsWith(comm)
                ? (program == null ? comm : program)
                : comm + " (" + program + ")";
    }

    private static boolean gatewayLike(String name) {
        return GATEWAY_LIKE.matcher(name.toLowerCase(Locale.ROOT)).matches();
    }

    /** A process may put terminal codes and line ends into its name, and the name goes into logs. */
    private static String printable(String name) {
        return name.replaceAll("\\p{Cntrl}", "\uFFFD");
    }
}
