package io.gatefleet.allocator.lease;

import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.HostView;
import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.lease.Capacity;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeasePlan;
import io.gatefleet.contract.lease.PortExplanation;
import io.gatefleet.contract.lease.PortExplanation.Use;
import io.gatefleet.contract.lease.PortMapView;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.contract.lease.ReservationView;
import io.gatefleet.contract.lease.RestView;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One host as its ledger, its rules and the last facts show it: the answers to who has a port, what would be granted, and
 * how much room is left.
 */
public final class HostPicture {
    private static final PortRange NODE_PORTS = new PortRange(30_000, 32_767);

    private final HostLedger ledger;
    private final LeaseRules rules;
    private final ToLongFunction<Rest> remainingMillis;

    /** @param remainingMillis how long a rest has still to go, as the member counts that looks */
    public HostPicture(HostLedger ledger, LeaseRules rules, ToLongFunction<Rest> remainingMillis) {
        this.ledger = ledger;
        this.rules = rules;
        this.remainingMillis = remainingMillis;
    }

    public HostView view(List<String> furtherWarnings) {
        HostFacts facts = ledger.facts();
        List<String> warnings = new ArrayList<>(warnings());
        warnings.addAll(furtherWarnings);
        return new HostView(
                ledger.host(),
                rules.pool(),
                ledger.portSpace(),
                facts == null ? null : facts.ephemeral(),
                ledger.holdings().size(),
                lent().size(),
                resting().size(),
                List.copyOf(warnings));
    }

    public List<Lease> leases() {
        return ledger.holdings().stream().map(Holding::lease).toList();
    }

    public List<RestView> rests() {
        return ledger.rests().stream().map(this::view).toList();
    }

    public PortMapView map() {
        return new PortMapView(
                ledger.host(),
                rules.pool(),
                leases(),
                rests(),
                rules.reservations(),
                kernel().and(rules.pool()),
                foreign().plus(unknownGuards()).and(rules.pool()),
                strangers(),
                placement(null).map().free());
    }

    /** How many more gateways of that footprint find a place. */
    public Capacity capacity(Footprint footprint) {
        int highestBase = rules.highestBase(footprint);
        PortMap map = placement(null).map();
        int fits = map.count(footprint, highestBase);
        PortSet free = map.free();
        double usable = free.isEmpty() ? 1 : (double) fits * footprint.size() / free.size();
        return new Capacity(
                ledger.host(),
                rules.pool(),
                footprint,
                fits,
                new PortMap(rules.pool()).count(footprint, highestBase),
                free.size(),
                PortMap.widestGap(free),
                Math.round((1 - usable) * 1000) / 1000.0);
    }

    /**
     * What would be granted now.
     *
     * @param instance whose sticky base is respected; null: a new one
     */
    public LeasePlan plan(@Nullable InstanceId instance, String layout, Footprint footprint) {
        Optional<Lease> held =
                instance == null ? Optional.empty() : ledger.holding(instance).map(Holding::lease);
        Recovery recovery = ledger.recovery();
        if (recovery != null) {
            Refusal wait = new Refusal.Recovering(ledger.host(), recovery.guards(), rules.recoveryMillis());
            return refused(layout, footprint, wait);
        }
        Placement placement = placement(instance);
        List<Integer> wishes = new ArrayList<>();
        held.ifPresent(lease -> wishes.add(lease.base()));
        ledger.rests().stream()
                .filter(rest -> rest.opensFor(instance))
                .forEach(rest -> wishes.add(rest.ports().lowest()));
        OptionalInt base = placement.base(footprint, wishes);
        if (base.isEmpty()) {
            return refused(layout, footprint, placement.refusal(footprint));
        }
        String who = instance == null ? "A new instance" : "Instance " + instance;
        String why = held.filter(lease -> lease.base() == base.getAsInt()).isPresent()
                ? ", the base that it has"
                : wishes.contains(base.getAsInt()) ? ", the base that it had" : "";
        String sentence = "%s would get %s%s.%s"
                .formatted(
                        who,
                        footprint.at(base.getAsInt()),
                        why,
                        ledger.facts() == null ? " No node of this host has spoken yet: its kernel may disagree." : "");
        return new LeasePlan(ledger.host(), layout, footprint, base.getAsInt(), null, sentence);
    }

    private LeasePlan refused(String layout, Footprint footprint, Refusal refusal) {
        return new LeasePlan(ledger.host(), layout, footprint, null, refusal, refusal.detail());
    }

    /** Who has a port, and why. What is certain comes before what is feared. */
    public PortExplanation explain(int port) {
        Optional<PortExplanation> known = lease(port)
                .map(lease -> explain(port, lease))
                .or(() -> rest(port).map(rest -> explain(port, rest)))
                .or(() -> reservation(port).map(reservation -> explain(port, reservation)))
                .or(() -> strangerWith(port).map(stranger -> explain(port, stranger)));
        if (known.isPresent()) {
            return known.get();
        }
        if (unknownGuards().contains(port)) {
            return plain(
                    port,
                    Use.GUARD,
                    "A guard stands on %d that this ledger does not know: a node that has not spoken yet holds it, or a stranger's UDP socket."
                            .formatted(port));
        }
        if (kernel().contains(port)) {
            return plain(port, Use.KERNEL, kernelSentence(port));
        }
        if (!rules.pool().contains(port)) {
            return plain(
                    port,
                    Use.OUTSIDE_POOL,
                    "%d is outside of pool %s; nobody gets it from here.".formatted(port, rules.pool()));
        }
        String doubt = ledger.facts() == null ? ", as far as anybody has said" : "";
        return plain(port, Use.FREE, "%d is free%s.".formatted(port, doubt));
    }

    private PortExplanation explain(int port, Lease lease) {
        String role = LeaseRoles.role(lease, port);
        String sentence = "%d is lent to %s (%s, fence %d, %s)%s."
                .formatted(
                        port,
                        lease.holder(),
                        lease.ports(),
                        lease.fence(),
                        lease.state(),
                        role == null ? "" : " as " + role);
        return new PortExplanation(ledger.host(), port, Use.LEASE, sentence, lease, role, null, null, listenerAt(port));
    }

    private PortExplanation explain(int port, Rest rest) {
        RestView view = view(rest);
        return new PortExplanation(
                ledger.host(), port, Use.REST, sentence(port, rest), null, null, view, null, listenerAt(port));
    }

    private PortExplanation explain(int port, ReservationView reservation) {
        String reason = reservation.reason().isEmpty() ? "" : " (" + reservation.reason() + ")";
        String sentence = "%d is reserved as %s%s; no gateway gets it.".formatted(port, reservation.name(), reason);
        return new PortExplanation(
                ledger.host(), port, Use.RESERVATION, sentence, null, null, null, reservation, listenerAt(port));
    }

    private PortExplanation explain(int port, Listener stranger) {
        return new PortExplanation(
                ledger.host(), port, Use.FOREIGN, sentence(port, stranger), null, null, null, null, stranger);
    }

    private PortExplanation plain(int port, Use use, String sentence) {
        return new PortExplanation(ledger.host(), port, use, sentence, null, null, null, null, null);
    }

    private Optional<Lease> lease(int port) {
        return leases().stream().filter(lease -> lease.ports().contains(port)).findFirst();
    }

    private Optional<Rest> rest(int port) {
        return ledger.rests().stream()
                .filter(rest -> rest.ports().contains(port))
                .findFirst();
    }

    private Optional<ReservationView> reservation(int port) {
        return rules.reservations().stream()
                .filter(reservation -> reservation.ports().contains(port))
                .findFirst();
    }

    private String sentence(int port, Rest rest) {
        String left = "for %d s more".formatted((remainingMillis.applyAsLong(rest) + 999) / 1000);
        return switch (rest.reason()) {
            case RELEASED ->
                "%d rests %s: %s gave it back without proof that every socket is closed."
                        .formatted(port, left, rest.instance());
            case LAPSED ->
                "%d rests %s: %s fell silent or moved, and its gateway may still live there."
                        .formatted(port, left, rest.instance());
            case BUSY -> "%d rests %s: %s found %s there.".formatted(port, left, rest.instance(), name(rest.busy()));
        };
    }

    private static String name(@Nullable BusyPort stranger) {
        if (stranger == null) {
            return "a stranger";
        }
        String found =
                switch (stranger.protocol()) {
                    case UDP -> "another guard or UDP socket";
                    case TCP -> "a listener";
                    case NEIGHBOUR -> "the footprint of a gateway that Gatefleet does not run";
                };
        String pid = stranger.pid() == null ? "" : ", pid " + stranger.pid();
        String command = stranger.command() == null ? "" : " (" + stranger.command() + ")";
        return found + pid + command;
    }

    private String sentence(int port, Listener stranger) {
        String who = "%s%s listens on %s port %d"
                .formatted(
                        stranger.command() == null ? "Somebody that /proc does not name" : stranger.command(),
                        stranger.pid() == null ? "" : " (pid " + stranger.pid() + ")",
                        stranger.address(),
                        stranger.port());
        if (rules.reservedAlone().contains(stranger.port())) {
            return who + ", reserved alone: only that port is foreign.";
        }
        return switch (stranger.reading()) {
            case PLAIN -> who + " and is no gateway: only that port is foreign.";
            case GATEWAY_LIKE -> who + "; it may be a gateway that Gatefleet does not run" + reach(port, stranger);
            case UNKNOWN -> who + "; it cannot be told from a gateway" + reach(port, stranger);
        };
    }

    private String reach(int port, Listener stranger) {
        return ", so %s is foreign%s. If it is none, reserve %d alone."
                .formatted(
                        Foreign.reach(stranger, rules.reservedAlone()),
                        port == stranger.port() ? "" : ", " + port + " too",
                        stranger.port());
    }

    private String kernelSentence(int port) {
        HostFacts facts = ledger.facts();
        return facts != null && facts.ephemeral().contains(port)
                ? "%d is in the kernel's ephemeral range %s: outgoing connections take such ports."
                        .formatted(port, facts.ephemeral())
                : "%d is in the kernel's ip_local_reserved_ports.".formatted(port);
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        HostFacts facts = ledger.facts();
        if (facts != null) {
            PortSet inEphemeral = rules.pool().and(PortSet.of(facts.ephemeral()));
            PortSet exposed = inEphemeral.minus(facts.reserved());
            if (!inEphemeral.isEmpty() && !rules.allowEphemeral()) {
                warnings.add(
                        "Ports %s of the pool lie in the kernel's ephemeral range %s and are not lent. Move the pool below it, or allow it."
                                .formatted(inEphemeral, facts.ephemeral()));
            } else if (!exposed.isEmpty()) {
                warnings.add(
                        "Outgoing connections can take ports %s of the pool. Run: sysctl -w net.ipv4.ip_local_reserved_ports=%s"
                                .formatted(exposed, facts.reserved().plus(inEphemeral)));
            }
            PortSet nodePorts = rules.pool().and(PortSet.of(NODE_PORTS));
            if (facts.nodePorts() && !nodePorts.isEmpty()) {
                warnings.add(
                        "kube-proxy runs here: NodePorts take connections to %s of the pool, and no socket shows it. End the pool below %d."
                                .formatted(nodePorts, NODE_PORTS.first()));
            }
        }
        if (ledger.challenger() != null) {
            warnings.add(
                    "A node with another port space (%s) calls itself %s, too. Give one of the two another host id."
                            .formatted(ledger.challenger(), ledger.host()));
        }
        if (ledger.recovery() != null) {
            warnings.add("Grants wait for the nodes whose guards stand on %s."
                    .formatted(ledger.recovery().guards()));
        }
        return warnings;
    }

    private RestView view(Rest rest) {
        return new RestView(
                rest.ports(),
                rest.reason(),
                remainingMillis.applyAsLong(rest),
                rest.reason() == RestView.Reason.BUSY ? null : new InstanceKey(ledger.host(), rest.instance()),
                rest.busy());
    }

    private Placement placement(@Nullable InstanceId asker) {
        HostFacts facts = ledger.facts();
        PortSet known = facts == null ? PortSet.EMPTY : facts.guards().minus(unknownGuards());
        return new Placement(ledger.host(), ledger.holdings(), ledger.rests(), asker, facts, known, rules);
    }

    private PortSet lent() {
        BitSet ports = new BitSet();
        ledger.holdings().forEach(holding -> PortMap.mark(ports, holding.lease()));
        return PortSet.of(ports);
    }

    private PortSet resting() {
        PortSet ports = PortSet.EMPTY;
        for (Rest rest : ledger.rests()) {
            ports = ports.plus(rest.ports());
        }
        return ports;
    }

    private PortSet unknownGuards() {
        HostFacts facts = ledger.facts();
        return facts == null ? PortSet.EMPTY : facts.guards().minus(lent()).minus(resting());
    }

    private PortSet kernel() {
        HostFacts facts = ledger.facts();
        return facts == null ? PortSet.EMPTY : Foreign.kernel(facts, rules);
    }

    private PortSet foreign() {
        HostFacts facts = ledger.facts();
        return facts == null ? PortSet.EMPTY : Foreign.ports(facts, rules);
    }

    private List<Listener> strangers() {
        HostFacts facts = ledger.facts();
        return facts == null
                ? List.of()
                : facts.listeners().stream()
                        .filter(listener -> !listener.guarded())
                        .toList();
    }

    private @Nullable Listener listenerAt(int port) {
        return strangers().stream()
                .filter(listener -> listener.port() == port)
                .findFirst()
                .orElse(null);
    }

    /** Who listens there; else the nearest one below that reaches so far. */
    private Optional<Listener> strangerWith(int port) {
        PortSet known = rules.reservedAlone();
        return strangers().stream()
                .filter(listener -> Foreign.reach(listener, known).contains(port))
                .max((left, right) -> Integer.compare(left.port(), right.port()));
    }
}
