package io.gatefleet.runtime.cluster;

import io.gatefleet.contract.BadInput;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a service stands in its cluster. The same on every member, except for {@code host}, the ports and the journal.
 *
 * @param name of the cluster, 1 to 40 of a-z, 0-9 and '-'; keeps two fleets apart that can reach each other. No password
 * @param host this member's own address, loopback or private: members trust each other, and nobody else may reach them
 * @param port where this member listens for the others, 1 to 65535
 * @param busPort where this member listens for the event bus, 1 to 65535
 * @param members {@code HOST:PORT} of members to join, this one may be among them; at least one. Or one {@code dns:NAME:PORT}:
 *     whoever has an address under that name, looked up anew at every try, as where members are containers
 * @param size how many members the cluster has when all are there, 1 to 99: a majority of them must see each other before
 *     a lease is granted
 * @param journal the file in which this member writes down what it decides; null: it does not
 * @param httpAddress where others reach what this member serves over HTTP; null: where it listens
 */
public record ClusterConfig(
        String name,
        String host,
        int port,
        int busPort,
        List<String> members,
        int size,
        @Nullable Path journal,
        @Nullable String httpAddress) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?");
    private static final Pattern MEMBER =
            Pattern.compile("(?:dns:)?(?:[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}]):(\\d{1,5})");

    private static final String DNS = "dns:";

    /** For a member that is reached where it listens. */
    public ClusterConfig(
            String name, String host, int port, int busPort, List<String> members, int size, @Nullable Path journal) {
        this(name, host, port, busPort, members, size, journal, null);
    }

    public ClusterConfig {
        members = List.copyOf(members);
        if (!NAME.matcher(name).matches()) {
            throw new BadInput("cluster-name", name, "1 to 40 of a-z, 0-9 and '-', for example gatefleet");
        }
        checkPort("cluster-port", port);
        checkPort("cluster-bus-port", busPort);
        if (port == busPort) {
            throw new BadInput("cluster-bus-port", busPort, "another port than cluster-port");
        }
        if (members.isEmpty()) {
            throw new BadInput("cluster-members", "", "at least one HOST:PORT");
        }
        for (String member : members) {
            Matcher parts = MEMBER.matcher(member);
            if (!parts.matches()) {
                throw new BadInput(
                        "cluster-members", member, "HOST:PORT, for example 10.0.0.5:5701, or one dns:NAME:PORT");
            }
            if (member.startsWith(DNS) && members.size() > 1) {
                throw new BadInput("cluster-members", String.join(",", members), "dns:NAME:PORT alone");
            }
            checkPort("cluster-members", Integer.parseInt(parts.group(1)));
        }
        if (size < 1 || size > 99) {
            throw new BadInput("cluster-size", size, "1 to 99");
        }
    }

    /** So many members must see each other before the ledger changes. */
    public int majority() {
        return size / 2 + 1;
    }

    /** Copies of the ledger beside the first: two, as far as there are members to keep them. */
    public int backups() {
        return Math.min(2, size - 1);
    }

    /** The name under which members find each other's addresses, and the port of them all; empty where they are listed. */
    Optional<InetSocketAddress> dns() {
        String first = members.get(0);
        if (!first.startsWith(DNS)) {
            return Optional.empty();
        }
        int colon = first.lastIndexOf(':');
        return Optional.of(InetSocketAddress.createUnresolved(
                first.substring(DNS.length(), colon), Integer.parseInt(first.substring(colon + 1))));
    }

    private static void checkPort(String name, int port) {
        if (port < 1 || port > 65_535) {
            throw new BadInput(name, port, "1 to 65535");
        }
    }
}
