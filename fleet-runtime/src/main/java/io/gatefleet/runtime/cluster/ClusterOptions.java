package io.gatefleet.runtime.cluster;

import io.gatefleet.contract.BadInput;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which a service finds the others: a mixin of every service's main. */
public final class ClusterOptions {
    private static final int SHARED_FIRST = 100;
    private static final int SHARED_LAST = 127;

    /** Whether a service stands alone. */
    enum Mode {
        none,
        members
    }

    @Option(
            names = "--cluster",
            defaultValue = "${GATEFLEET_CLUSTER:-members}",
            description = "members: join those of --cluster-members, if any; none: stand alone (${DEFAULT-VALUE}).")
    private Mode mode = Mode.members;

    @Option(
            names = "--cluster-members",
            split = ",",
            defaultValue = "${GATEFLEET_CLUSTER_MEMBERS:-}",
            description =
                    "HOST:PORT of members to join, separated by commas, or one dns:NAME:PORT for whoever has an address under that name; none: stand alone.")
    private List<String> members = List.of();

    @Option(
            names = "--cluster-name",
            defaultValue = "${GATEFLEET_CLUSTER_NAME:-gatefleet}",
            description = "Keeps two fleets apart that can reach each other (${DEFAULT-VALUE}).")
    private String name = "";

    @Option(
            names = "--cluster-size",
            defaultValue = "${GATEFLEET_CLUSTER_SIZE:-0}",
            description =
                    "Members when all are there: a majority of them must see each other; 0: as many as --cluster-members names (${DEFAULT-VALUE}).")
    private int size;

    @Option(
            names = "--cluster-host",
            defaultValue = "${GATEFLEET_CLUSTER_HOST:-127.0.0.1}",
            description =
                    "This member's own address, loopback or private, or the network that it is in, as 10.1.2.0/24 (${DEFAULT-VALUE}).")
    private String host = "";

    @Option(
            names = "--cluster-port",
            defaultValue = "${GATEFLEET_CLUSTER_PORT:-5701}",
            description = "Port for the other members (${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--cluster-bus-port",
            defaultValue = "${GATEFLEET_CLUSTER_BUS_PORT:-0}",
            description = "Port for the event bus; 0: the one after --cluster-port (${DEFAULT-VALUE}).")
    private int busPort;

    @Option(
            names = "--http-address",
            paramLabel = "HOST",
            defaultValue = "${GATEFLEET_HTTP_ADDRESS:-}",
            description =
                    "Where others reach what this member serves, for Prometheus to be told: a name, an address, or the network that it is in, as 10.1.2.0/24 (default: what --http-host says, or --cluster-host where that is every address).")
    private String httpAddress = "";

    @Option(
            names = "--journal",
            paramLabel = "FILE",
            defaultValue = "${GATEFLEET_JOURNAL:-}",
            description =
                    "Writes down what is decided here about leases, for gatefleet verify-history; a file of this process alone. Every member decides for a share of the hosts, whichever service it runs.")
    private String journal = "";

    /**
     * What was asked for; empty to stand alone. Resolves the host's name.
     *
     * @throws BadInput if it cannot be used
     */
    public Optional<ClusterConfig> config() {
        List<String> named =
                members.stream().filter(member -> !member.isBlank()).toList();
        if (mode == Mode.none || named.isEmpty()) {
            return Optional.empty();
        }
        if (size == 0 && named.get(0).startsWith("dns:")) {
            throw new BadInput("cluster-size", size, "how many members there will be: a name does not tell");
        }
        return Optional.of(new ClusterConfig(
                name,
                privateAddress(host),
                port,
                busPort == 0 ? port + 1 : busPort,
                named,
                size == 0 ? named.size() : size,
                journal().orElse(null),
                httpAddress()));
    }

    /** Where what is decided here is written down; empty: nowhere. */
    public Optional<Path> journal() {
        return journal.isBlank() ? Optional.empty() : Optional.of(Path.of(journal));
    }

    private @Nullable String httpAddress() {
        if (httpAddress.indexOf('/') < 0) {
            return httpAddress.isBlank() ? null : httpAddress;
        }
        try {
            return OwnAddress.in("http-address", httpAddress).getHostAddress();
        } catch (UnknownHostException unknown) {
            throw new BadInput("http-address", httpAddress, "a network as 10.1.2.0/24");
        }
    }

    /** Whoever reaches a member can read and change everything, so it listens where strangers are not. */
    private static String privateAddress(String host) {
        InetAddress address;
        try {
            address = host.indexOf('/') < 0 ? InetAddress.getByName(host) : OwnAddress.in("cluster-host", host);
        } catch (UnknownHostException unknown) {
            throw new BadInput("cluster-host", host, "an address of this machine, or a name of one");
        }
        if (!address.isLoopbackAddress() && !isPrivate(address)) {
            throw new BadInput(
                    "cluster-host", host + " (" + address.getHostAddress() + ")", "a loopback or private address");
        }
        return address.getHostAddress();
    }

    private static boolean isPrivate(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
        // 100.64.0.0/10, where overlay networks take their addresses from.
        boolean shared = bytes.length == 4
                && bytes[0] == SHARED_FIRST
                && (bytes[1] & 0xff) >= 64
                && (bytes[1] & 0xff) <= SHARED_LAST;
        return address.isSiteLocalAddress() || uniqueLocal || shared;
    }
}
