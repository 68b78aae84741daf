package io.gatefleet.doctor.host;

import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.doctor.census.Census;
import io.gatefleet.doctor.census.Gateway;
import io.gatefleet.doctor.census.Host;
import io.gatefleet.node.port.Kernel;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes the census of a host. Reads files and {@code /proc}; writes nothing, connects to nothing, starts nothing. Blocks.
 */
public final class HostReader {
    private static final int MDNS = 5353;
    private static final Pattern CONTAINER =
            Pattern.compile("/docker/|cri-containerd-[0-9a-f]|containerd/[0-9a-f]{64}|/kubepods[/.]|\\blxc\\b");

    private final Rooted host;
    private final Supplier<HostFacts> kernel;
    private final String user;
    private final @Nullable List<String> chosenHomes;

    /**
     * @param root {@code /}, or a tree that stands for a host
     * @param kernel asked once
     * @param user who looks; {@code root} looks into every home, anybody else into their own
     * @param homes directories to look into instead; empty: as {@code user} says
     */
    HostReader(Path root, Supplier<HostFacts> kernel, String user, List<String> homes) {
        this.host = new Rooted(root);
        this.kernel = kernel;
        this.user = user;
        this.chosenHomes = homes.isEmpty() ? null : List.copyOf(homes);
    }

    /** The machine that this runs on, seen with the rights of whoever runs it. */
    public static HostReader ofThisHost(List<String> homes) {
        return new HostReader(Path.of("/"), () -> Kernel.facts(Set.of()), System.getProperty("user.name", ""), homes);
    }

    /** @throws UncheckedIOException if the kernel's tables cannot be read: nothing can be said then */
    public Census census() {
        HostFacts facts = kernel.get();
        Accounts accounts = new Accounts(host);
        List<String> homes = homes(accounts);
        Processes processes = new Processes(host);
        Packages packages = new Packages(host, homes);
        BrowserFinder browsers = new BrowserFinder(host, facts, processes);
        GatewayFinder finder = new GatewayFinder(host, facts, accounts, processes, packages);
        List<Gateway> gateways = finder.find(homes, browsers.states());
        Set<Integer> pids = new LinkedHashSet<>();
        gateways.stream().map(Gateway::pid).filter(Objects::nonNull).forEach(pids::add);
        return new Census(
                new Host(facts, container(), user, Map.copyOf(accounts.homes()), processes.holdersOfUdp(MDNS, pids)),
                gateways,
                browsers.chromes(pids),
                host.unseen());
    }

    private List<String> homes(Accounts accounts) {
        if (chosenHomes != null) {
            return chosenHomes;
        }
        if (user.equals("root")) {
            return accounts.homes().values().stream()
                    .distinct()
                    .filter(home -> !home.equals("/") && host.isDirectory(home))
                    .toList();
        }
        return accounts.home(user).stream().toList();
    }

    /** As OpenClaw finds out whether it is in one. */
    private boolean container() {
        return host.isFile("/.dockerenv")
                || host.isFile("/run/.containerenv")
                || CONTAINER.matcher(host.quietly("/proc/1/cgroup").orElse("")).find();
    }
}
