package io.gatefleet.doctor.host;

import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.Listener;
import io.gatefleet.doctor.census.Chrome;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds browsers that gateways started, and others that answer the DevTools protocol. */
final class BrowserFinder {
    private static final Pattern NAME = Pattern.compile("(?:.*[-_.])?(?:chrome|chromium|brave|msedge)(?:[-_.].*)?");
    private static final Pattern HELPER = Pattern.compile("chrome_crashpad.*");

    /** Where the families put a browser's data; the first group is the state directory. */
    private static final Pattern GATEWAYS_DATA = Pattern.compile("(.+)/browser/[^/]+/user-data");

    private final Rooted host;
    private final HostFacts facts;
    private final Processes processes;

    BrowserFinder(Rooted host, HostFacts facts, Processes processes) {
        this.host = host;
        this.facts = facts;
        this.processes = processes;
    }

    /** State directories that a browser's data lie in: an orphan may be all that still tells of its gateway. */
    List<String> states() {
        return mains().map(this::data)
                .map(BrowserFinder::state)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    /** @param gateways pids of gateways: their browsers are no orphans even where a gateway is the first process */
    List<Chrome> chromes(Set<Integer> gateways) {
        return mains().map(process -> {
                    String data = data(process);
                    boolean answers = Processes.flag(process, "remote-debugging-port") != null;
                    return new Chrome(
                            process.pid(),
                            orphan(process, gateways),
                            data,
                            state(data),
                            answers ? port(process) : null);
                })
                .filter(chrome -> chrome.state() != null || chrome.port() != null)
                .toList();
    }

    /** Main processes: helpers have a type, and repeat the main process' flags. */
    private Stream<Processes.Entry> mains() {
        return processes
                .all()
                .filter(process -> NAME.matcher(process.name()).matches()
                        || (!process.arguments().isEmpty()
                                && NAME.matcher(fileName(process.arguments().get(0)))
                                        .matches()))
                .filter(process -> !HELPER.matcher(process.name()).matches())
                .filter(process -> Processes.flag(process, "type") == null);
    }

    private @Nullable String data(Processes.Entry process) {
        String data = Processes.flag(process, "user-data-dir");
        return data == null ? null : host.real(data);
    }

    private static @Nullable String state(@Nullable String data) {
        Matcher match = GATEWAYS_DATA.matcher(String.valueOf(data));
        return match.matches() ? match.group(1) : null;
    }

    private @Nullable Integer port(Processes.Entry process) {
        return facts.listeners().stream()
                .filter(listener -> Objects.equals(listener.pid(), process.pid()))
                .map(Listener::port)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** An orphan is taken in by the first process, or by the user's systemd. */
    private boolean orphan(Processes.Entry process, Set<Integer> gateways) {
        if (gateways.contains(process.parent())) {
            return false;
        }
        return process.parent() <= 1
                || processes
                        .of(process.parent())
                        .map(parent -> parent.name().equals("systemd"))
                        .orElse(true);
    }

    private static String fileName(String path) {
        String program = path.contains(" --") ? path.substring(0, path.indexOf(" --")) : path;
        return program.substring(program.lastIndexOf('/') + 1);
    }
}
