package io.gatefleet.doctor.host;

import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.port.LayoutFamily;
import io.gatefleet.doctor.census.ConfigTree;
import io.gatefleet.doctor.census.Environment;
import io.gatefleet.doctor.census.Flags;
import io.gatefleet.doctor.census.Gateway;
import io.gatefleet.doctor.census.Place;
import io.gatefleet.doctor.census.Settings;
import io.gatefleet.doctor.census.Unit;
import io.gatefleet.doctor.port.GatewayPorts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds gateways by their processes, their units and their state directories, and puts together what belongs to one. The
 * same gateway is often seen three times.
 */
final class GatewayFinder {
    private final Rooted host;
    private final HostFacts facts;
    private final Accounts accounts;
    private final Processes processes;
    private final Packages packages;
    private final Locks locks;
    private final Locations locations;

    GatewayFinder(Rooted host, HostFacts facts, Accounts accounts, Processes processes, Packages packages) {
        this.host = host;
        this.facts = facts;
        this.accounts = accounts;
        this.processes = processes;
        this.packages = packages;
        this.locks = new Locks(host);
        this.locations = new Locations(host);
    }

    /**
     * One view of a gateway.
     *
     * @param variables its environment; may hold secrets, and must not outlive the reading
     */
    private record Sighting(
            Flavor flavor,
            @Nullable String profile,
            String home,
            String state,
            String config,
            Map<String, String> variables,
            Flags flags,
            @Nullable Unit unit,
            Processes.@Nullable Entry process,
            @Nullable String version,
            @Nullable Integer lockedPort) {
        Sighting with(UnitFiles.Found found) {
            Map<String, String> all = new LinkedHashMap<>(found.variables());
            all.putAll(variables);
            return new Sighting(
                    flavor,
                    profile,
                    home,
                    state,
                    config,
                    all,
                    flags.or(found.unit().flags()),
                    found.unit(),
                    process,
                    version,
                    lockedPort);
        }

        @Override
        public String toString() {
            return "Sighting[" + flavor + ", " + state + "]";
        }
    }

    /** @param states further directories that may be a gateway's state */
    List<Gateway> find(List<String> homes, List<String> states) {
        List<Sighting> sightings = new ArrayList<>();
        processes.all().filter(process -> !launches(process)).forEach(process -> Processes.gateway(process)
                .flatMap(flavor -> running(process, flavor))
                .ifPresent(sightings::add));

        UnitFiles units = new UnitFiles(host);
        List<UnitFiles.Found> found = new ArrayList<>(units.system(accounts));
        for (String home : homes) {
            found.addAll(units.personal(home, owner(home), accounts));
        }
        found.forEach(unit -> add(sightings, unit));

        for (String home : homes) {
            for (String name : host.names(home)) {
                Locations.StateName.of(name).ifPresent(state -> add(sightings, home, home + "/" + name, state));
            }
        }
        for (String state : states) {
            String home = state.substring(0, Math.max(state.lastIndexOf('/'), 1));
            locations.named(state).ifPresent(name -> add(sightings, home, state, name));
        }
        return named(sightings.stream().map(this::gateway).toList());
    }

    // ---------------------------------------------------------------- the three views

    /** The older families start the gateway as a child, with the same arguments; the child takes the name. */
    private boolean launches(Processes.Entry process) {
        return !Processes.named(process)
                && processes
                        .all()
                        .anyMatch(child -> child.parent() == process.pid()
                                && Processes.gateway(child).isPresent()
                                && Processes.gateway(child).equals(Processes.gateway(process)));
    }

    private Optional<Sighting> running(Processes.Entry process, Flavor flavor) {
        OptionalLong space = processes.portSpace(process.pid());
        if (space.isPresent() && space.getAsLong() != facts.portSpace().netns()) {
            host.unseen("pid " + process.pid() + " (" + process.name() + ") runs in another network namespace, as"
                    + " containers do: its ports are not this host's");
            return Optional.empty();
        }
        Optional<Map<String, String>> environment = processes.environment(process.pid());
        if (environment.isEmpty()) {
            // Where it stands would be a guess, and a guess on the default port collides with everybody.
            host.unseen("pid " + process.pid() + " (" + process.name()
                    + ") is another user's: only root may see where it stands");
            return Optional.empty();
        }
        Map<String, String> variables = new HashMap<>(environment.get());
        locks.lookInto(variables.getOrDefault("TMPDIR", "/tmp"));
        Optional<Locks.Lock> lock = locks.of(process, flavor, processes.open(process.pid()));

        // Flags are seen on its launcher, or on itself in its first seconds; then it has overwritten them.
        List<Processes.Entry> above = processes.above(process);
        Flags flags = Stream.concat(Stream.of(process), above.stream().limit(1))
                .filter(candidate -> Program.of(candidate.arguments()).isPresent())
                .map(candidate -> Flags.of(candidate.arguments()))
                .reduce(Flags.NONE, Flags::or);
        String account =
                accounts.home(host.place("/proc/" + process.pid()).owner()).orElse("/");
        String home = Locations.home(flavor, variables, account);
        String profile = flags.profile() != null ? flags.profile() : variables.get(flavor.name() + "_PROFILE");
        String state = lock.map(Locks.Lock::state).orElse(null);
        String config =
                lock.map(Locks.Lock::config).filter(path -> !path.isEmpty()).orElse(null);
        if (state == null) {
            String stated = variables.get(flavor.name() + "_STATE_DIR");
            // What `--profile` sets is in no environment that others can see; the lock names the configuration.
            state = config != null && stated == null
                    ? config.substring(0, config.lastIndexOf('/'))
                    : locations.state(flavor, variables, profile, home);
        }
        if (config == null) {
            config = locations.config(flavor, variables, state, home);
        }
        return Optional.of(new Sighting(
                flavor,
                profile,
                home,
                state,
                config,
                variables,
                flags,
                null,
                process,
                version(process, above).or(() -> onPath(flavor, variables)).orElse(null),
                lock.map(Locks.Lock::port).orElse(null)));
    }

    /** From the scripts that it, its helpers or its launcher run: the process itself no longer says. */
    private Optional<String> version(Processes.Entry process, List<Processes.Entry> above) {
        return Stream.concat(
                        processes.tree(process.pid()).stream()
                                .map(processes::of)
                                .flatMap(Optional::stream),
                        above.stream().limit(1))
                .flatMap(one -> one.arguments().stream().limit(8))
                .filter(argument -> argument.startsWith("/") && argument.matches(".*(?:openclaw|clawdbot|omniclaw).*"))
                .map(packages::version)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** What its shell would start by that name. */
    private Optional<String> onPath(Flavor flavor, Map<String, String> variables) {
        return Stream.of(variables.getOrDefault("PATH", "").split(":", -1))
                .filter(directory -> directory.startsWith("/"))
                .map(directory -> directory + "/" + flavor)
                .filter(host::isFile)
                .findFirst()
                .flatMap(packages::version);
    }

    private void add(List<Sighting> sightings, UnitFiles.Found found) {
        Flavor flavor = found.flavor();
        Map<String, String> variables = found.variables();
        String home = Locations.home(flavor, variables, found.home());
        String profile = found.unit().flags().profile() != null
                ? found.unit().flags().profile()
                : variables.get(flavor.name() + "_PROFILE");
        String state = locations.state(flavor, variables, profile, home);
        String config = locations.config(flavor, variables, state, home);
        Optional<Sighting> started = sightings.stream()
                .filter(seen -> seen.unit() == null && seen.flavor() == flavor)
                .filter(seen -> startedBy(seen, found.unit()) || startedByHand(seen, state))
                // Of two on one state directory, the one that systemd knows.
                .min(Comparator.comparing(seen -> !startedBy(seen, found.unit())));
        if (started.isPresent()) {
            sightings.set(sightings.indexOf(started.get()), started.get().with(found));
            return;
        }
        sightings.add(new Sighting(
                flavor,
                profile,
                home,
                state,
                config,
                variables,
                found.unit().flags(),
                found.unit(),
                null,
                Optional.ofNullable(found.unit().program())
                        .filter(program -> program.startsWith("/"))
                        .flatMap(packages::version)
                        .or(() -> onPath(flavor, variables))
                        .orElse(null),
                null));
    }

    private boolean startedBy(Sighting seen, Unit unit) {
        return seen.process() != null
                && processes.controlGroup(seen.process().pid()).contains("/" + unit.name());
    }

    /** In the unit's place: it would not start beside it. */
    private boolean startedByHand(Sighting seen, String state) {
        return seen.process() != null && host.real(seen.state()).equals(host.real(state));
    }

    private void add(List<Sighting> sightings, String home, String state, Locations.StateName name) {
        String config = locations.config(name.flavor(), state);
        boolean known = sightings.stream()
                .anyMatch(seen -> host.real(seen.state()).equals(host.real(state))
                        || host.real(seen.config()).equals(host.real(config)));
        // Command lines leave such directories behind, too; a gateway has a configuration.
        if (known || !host.isFile(config)) {
            return;
        }
        sightings.add(new Sighting(
                name.flavor(),
                name.profile(),
                home,
                state,
                config,
                Map.of("HOME", home),
                Flags.NONE,
                null,
                null,
                null,
                null));
    }

    private String owner(String home) {
        return accounts.homes().entrySet().stream()
                .filter(account -> account.getValue().equals(home))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseGet(() -> host.place(home).owner());
    }

    // ---------------------------------------------------------------- the whole

    private Gateway gateway(Sighting seen) {
        ConfigFile file = ConfigFile.read(host, seen.config());
        ConfigTree tree = file.tree();
        Flavor flavor = seen.flavor();
        String prefix = flavor.name() + "_";
        Map<String, String> variables = new LinkedHashMap<>(dotenv(seen.state()));
        variables.putAll(seen.variables());

        String version = Optional.ofNullable(seen.version())
                .or(() -> Optional.ofNullable(variables.get(prefix + "SERVICE_VERSION")))
                .or(() -> tree.at("meta.lastTouchedVersion").text())
                .or(() -> packages.onlyVersion(flavor))
                .filter(text -> text.matches("\\d{4}\\.\\d{1,3}(?:\\.\\d{1,4})?(?:-[A-Za-z0-9.]{1,20})?"))
                .orElse(null);
        LayoutFamily layout = GatewayPorts.layout(flavor, version);
        Settings settings = Settings.of(tree, layout.extras());
        String profile = profile(seen);

        Set<String> workspaces = new LinkedHashSet<>();
        workspaces.add(
                settings.workspace() == null
                        ? Locations.workspace(flavor, version, variables, seen.state(), profile, seen.home())
                        : Locations.absolute(settings.workspace(), seen.home()));
        settings.agentWorkspaces().forEach(path -> workspaces.add(Locations.absolute(path, seen.home())));

        Place state = host.place(seen.state());
        Processes.Entry process = seen.process();
        List<Listener> listeners = process == null ? List.of() : listeners(process);
        return new Gateway(
                "",
                flavor,
                profile,
                version,
                state.exists() ? state.owner() : owner(seen.home()),
                seen.home(),
                state,
                host.place(seen.config()),
                settings,
                file.trouble(),
                workspaces.stream().map(host::place).toList(),
                locations.confidential(seen.state(), seen.config()).stream()
                        .map(host::place)
                        .toList(),
                Environment.of(variables.entrySet().stream()),
                seen.flags(),
                seen.unit(),
                process == null ? null : process.pid(),
                listeners,
                seen.lockedPort(),
                leased(seen, listeners),
                tokensDiffer(tree, variables.get(prefix + "GATEWAY_TOKEN")));
    }

    private static boolean tokensDiffer(ConfigTree config, @Nullable String given) {
        Optional<String> configured = config.at("gateway.auth.token").text().filter(token -> !token.startsWith("${"));
        return given != null
                && !given.isBlank()
                && configured.filter(token -> !token.equals(given.strip())).isPresent();
    }

    private static @Nullable String profile(Sighting seen) {
        String stated = seen.profile();
        if (stated == null) {
            stated = Locations.StateName.of(seen.state())
                    .map(Locations.StateName::profile)
                    .orElse(null);
        }
        return stated == null || stated.isBlank() || stated.equalsIgnoreCase("default") ? null : stated;
    }

    /** What a gateway reads from its state before its configuration; its environment goes before. */
    private Map<String, String> dotenv(String state) {
        Map<String, String> variables = new LinkedHashMap<>();
        if (host.isFile(state + "/.env")) {
            host.text(state + "/.env").ifPresent(text -> text.lines().forEach(line -> {
                String assignment = line.strip().replaceFirst("^export\\s+", "");
                int equals = assignment.indexOf('=');
                if (equals > 0 && !assignment.startsWith("#")) {
                    String value = assignment.substring(equals + 1).strip();
                    variables.put(assignment.substring(0, equals).strip(), value.replaceAll("^(['\"])(.*)\\1$", "$2"));
                }
            }));
        }
        return variables;
    }

    private List<Listener> listeners(Processes.Entry process) {
        Set<Integer> tree = processes.tree(process.pid());
        return facts.listeners().stream()
                .filter(listener -> listener.pid() != null && tree.contains(listener.pid()))
                .toList();
    }

    /** A node guards the ports of its gateway, and keeps its own record three directories above the state. */
    private boolean leased(Sighting seen, List<Listener> listeners) {
        Processes.Entry process = seen.process();
        return listeners.stream()
                        .anyMatch(listener ->
                                listener.guarded() && process != null && Objects.equals(listener.pid(), process.pid()))
                || host.isFile(seen.state() + "/../../node.json");
    }

    // ---------------------------------------------------------------- names

    /** Each by its family and profile, and by as much more as tells it from the others. */
    private List<Gateway> named(List<Gateway> gateways) {
        List<Gateway> named = new ArrayList<>();
        Set<String> taken = new LinkedHashSet<>();
        boolean severalHomes = gateways.stream().map(Gateway::home).distinct().count() > 1;
        for (Gateway gateway : gateways) {
            String name = shortName(gateway, severalHomes);
            if (taken.contains(name)) {
                name += " (" + gateway.whereabouts() + ")";
            }
            for (int twin = 2; !taken.add(name); twin++) {
                name = name.replaceFirst(" #\\d+$", "") + " #" + twin;
            }
            named.add(gateway.called(name));
        }
        return named;
    }

    private String shortName(Gateway gateway, boolean severalHomes) {
        String name = gateway.flavor() + (gateway.profile() == null ? "" : ":" + gateway.profile());
        String suffix = gateway.profile() == null ? "" : "-" + gateway.profile();
        if (!gateway.state().path().equals(gateway.home() + "/." + gateway.flavor() + suffix)) {
            return name + "@" + gateway.state().path();
        }
        if (!accounts.homes().containsValue(gateway.home())) {
            return name + "@" + gateway.home();
        }
        return severalHomes ? name + "@" + owner(gateway.home()) : name;
    }
}
