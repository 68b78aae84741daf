package io.gatefleet.doctor.host;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.doctor.census.ConfigTree;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lock files of gateways. Newer OpenClaw keeps them in its state, the others in TMPDIR. They tell more of a running
 * gateway than its process does: it overwrites its arguments, and what {@code --profile} sets shows in no environment.
 */
final class Locks {
    private static final Pattern DIRECTORY = Pattern.compile("(openclaw|clawdbot|omniclaw)(?:-\\d+)?");
    private static final Pattern FILE = Pattern.compile("gateway\\.[^/]+\\.lock");
    private static final Pattern PATH =
            Pattern.compile(".*/(?:openclaw|clawdbot|omniclaw)(?:-\\d+)?/gateway\\.[^/]+\\.lock");

    private final Rooted host;
    private final Map<String, Lock> found = new LinkedHashMap<>();

    /**
     * A lock file's text.
     *
     * @param startTime of the owner; null: older versions do not say
     * @param state the locked state directory; null: the lock is on the configuration alone
     * @param port where the owner listens; null: older versions do not say
     */
    record Lock(
            String path,
            Flavor flavor,
            int pid,
            @Nullable Long startTime,
            String config,
            @Nullable String state,
            @Nullable Integer port) {}

    Locks(Rooted host) {
        this.host = host;
    }

    /** Looks into a directory for temporary files. */
    void lookInto(String directory) {
        for (String name : host.names(directory)) {
            Matcher family = DIRECTORY.matcher(name);
            if (family.matches() && host.isDirectory(directory + "/" + name)) {
                for (String file : host.names(directory + "/" + name)) {
                    if (FILE.matcher(file).matches()) {
                        read(directory + "/" + name + "/" + file, Flavor.parse(family.group(1)));
                    }
                }
            }
        }
    }

    /** The lock that a process holds: the file is open in it, or names it. */
    Optional<Lock> of(Processes.Entry process, Flavor flavor, List<String> open) {
        open.stream().filter(path -> PATH.matcher(path).matches()).forEach(path -> read(path, flavor));
        return found.values().stream()
                .filter(lock -> lock.pid() == process.pid())
                .filter(lock -> lock.startTime() == null || lock.startTime() == process.startTime())
                // The one that knows more.
                .max(Comparator.comparingInt(lock -> lock.port() == null ? 0 : 1));
    }

    private void read(String path, Flavor flavor) {
        if (found.containsKey(path)) {
            return;
        }
        ConfigTree json = host.text(path).map(ConfigFile::json).orElse(ConfigTree.NOTHING);
        Optional<Integer> pid = json.at("pid").number();
        if (pid.isPresent()) {
            found.put(
                    path,
                    new Lock(
                            path,
                            flavor,
                            pid.get(),
                            json.at("startTime")
                                    .written()
                                    .filter(ticks -> ticks.matches("\\d{1,18}"))
                                    .map(Long::valueOf)
                                    .orElse(null),
                            json.at("configPath").text().orElse(""),
                            json.at("stateDir").text().orElse(null),
                            json.at("port").number().orElse(null)));
        }
    }
}
