package io.gatefleet.allocator;

import io.gatefleet.allocator.lease.Command;
import io.gatefleet.allocator.lease.HostLedger;
import io.gatefleet.allocator.lease.HostPicture;
import io.gatefleet.allocator.lease.LeaseRules;
import io.gatefleet.allocator.store.LedgerStore;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.lease.AcquireLease;
import io.gatefleet.contract.lease.Capacity;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.lease.PortMapQuestion;
import io.gatefleet.contract.lease.PortMapReply;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.contract.lease.ReleaseLease;
import io.gatefleet.contract.lease.RenewLease;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.runtime.Unavailable;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where questions about leases are answered: it brings together the ledgers, the operator's rules and the sweeper, and
 * decides nothing itself.
 */
final class LeaseDesk {
    /** What room is measured in: a wide OpenClaw. */
    private static final Footprint WIDE = Footprint.contiguous(111);

    private static final Logger log = LoggerFactory.getLogger(LeaseDesk.class);

    private final LedgerStore store;
    private final AllocatorConfig config;
    private final Reservations reservations;
    private final Sweeper sweeper;
    private final LeaseMeters meters;
    private final LongSupplier epochSeconds;
    private final Map<HostId, Measured> measured = new HashMap<>();

    /** @param epochSeconds where the numbers of a new ledger start; used for nothing else */
    LeaseDesk(
            LedgerStore store,
            AllocatorConfig config,
            Reservations reservations,
            Sweeper sweeper,
            LeaseMeters meters,
            LongSupplier epochSeconds) {
        this.store = store;
        this.config = config;
        this.reservations = reservations;
        this.sweeper = sweeper;
        this.meters = meters;
        this.epochSeconds = epochSeconds;
    }

    Future<LeaseReply> acquire(AcquireLease question) {
        long before = System.nanoTime();
        Command<LeaseReply> command = new Command.Acquire(question, epochSeconds.getAsLong());
        return answered(question.holder().host(), command).onSuccess(reply -> {
            meters.acquire().record(System.nanoTime() - before, TimeUnit.NANOSECONDS);
            meters.acquired(reply);
            tell(question, reply);
        });
    }

    Future<LeaseReply> renew(RenewLease question) {
        return answered(question.holder().host(), new Command.Renew(question)).onSuccess(meters::countRefusal);
    }

    Future<LeaseReply> release(ReleaseLease question) {
        return answered(question.holder().host(), new Command.Release(question)).onSuccess(reply -> {
            meters.countRefusal(reply);
            if (reply instanceof LeaseReply.Released released && released.wasHeld()) {
                log.info(
                        "{} gave its lease back (sockets {})",
                        question.holder(),
                        question.portsClosed() ? "closed" : "not proven closed");
            } else {
                log.info("{} said goodbye and gave no lease back: {}", question.holder(), reply);
            }
        });
    }

    /** Marks a lease as taken back; empty where that fence is no live lease of the host. */
    Future<Optional<Lease>> revoke(HostId host, long fence) {
        return apply(host, new Command.Revoke(fence))
                .compose(found -> found
                        ? store.read(host)
                                .map(ledger -> ledger.holding(fence).map(holding -> holding.lease()))
                                .onSuccess(lease -> log.warn("an operator revoked {}", lease))
                        : Future.succeededFuture(Optional.empty()));
    }

    Reservations reservations() {
        return reservations;
    }

    /** Every host that a node spoke of or that has reservations. */
    Future<Set<HostId>> hosts() {
        return store.hosts().map(known -> {
            Set<HostId> hosts = new TreeSet<>(reservations.hosts());
            hosts.addAll(known);
            return hosts;
        });
    }

    /** The ledger of a host of which a node has spoken or that has reservations; empty of another one. */
    Future<Optional<HostLedger>> knownLedger(HostId host) {
        return hosts().compose(hosts ->
                hosts.contains(host) ? store.read(host).map(Optional::of) : Future.succeededFuture(Optional.empty()));
    }

    Future<PortMapReply> ports(PortMapQuestion question) {
        return knownLedger(question.host())
                .map(known -> new PortMapReply(
                        known.map(ledger -> picture(ledger).map()).orElse(null)));
    }

    Future<HostLedger> ledger(HostId host) {
        return store.read(host);
    }

    /** All ledgers, sorted by host. */
    Future<List<HostLedger>> ledgers() {
        return hosts().compose(this::read);
    }

    HostPicture picture(HostLedger ledger) {
        return new HostPicture(ledger, rules(ledger.host()), rest -> sweeper.remainingMillis(ledger.host(), rest));
    }

    /** Why no lease lapses now; empty in ordinary times. */
    Optional<String> selfPreservation() {
        return sweeper.selfPreservation();
    }

    /** Does what is due on the hosts that this member sweeps. */
    Future<Void> sweep() {
        return store.sweptHere().compose(this::read).compose(ledgers -> {
            boolean preserved = sweeper.selfPreservation().isPresent();
            List<Sweeper.Due> due = sweeper.look(ledgers);
            Optional<String> preserves = sweeper.selfPreservation();
            if (preserves.isPresent() && !preserved) {
                log.warn("self-preservation: {}", preserves.get());
            } else if (preserves.isEmpty() && preserved) {
                log.info("self-preservation is over; silent leases lapse again");
            }
            List<Future<Boolean>> steps = new ArrayList<>();
            for (Sweeper.Due step : due) {
                steps.add(apply(step.host(), step.command()).onSuccess(applied -> {
                    if (applied && step.command() instanceof Command.Lapse lapse) {
                        meters.lapsed();
                        log.warn("the lease of {}/{} lapsed: {}", step.host(), lapse.instance(), lapse);
                    }
                }));
            }
            measure(ledgers);
            return Future.join(steps).mapEmpty();
        });
    }

    /** To a node the ledger's absence is an answer like another: ask again later. */
    private Future<LeaseReply> answered(HostId host, Command<LeaseReply> command) {
        return apply(host, command)
                .recover(cause -> cause instanceof Unavailable down
                        ? Future.succeededFuture(
                                new LeaseReply.Refused(new Refusal.Unavailable(down.what(), down.retryAfterMillis())))
                        : Future.failedFuture(cause));
    }

    private <R> Future<R> apply(HostId host, Command<R> command) {
        return store.apply(host, command, rules(host));
    }

    private LeaseRules rules(HostId host) {
        return config.rules(reservations.of(host));
    }

    private Future<List<HostLedger>> read(Set<HostId> hosts) {
        List<Future<HostLedger>> reads = hosts.stream().map(store::read).toList();
        return Future.join(reads).map(all -> all.<HostLedger>list());
    }

    private record Measured(long revision, LeaseMeters.Room room) {}

    /** Counts the room of hosts that changed: for all of them at every sweep it would cost more than the sweep. */
    private void measure(Collection<HostLedger> ledgers) {
        int leases = 0;
        SortedMap<HostId, LeaseMeters.Room> rooms = new TreeMap<>();
        for (HostLedger ledger : ledgers) {
            leases += ledger.holdings().size();
            long revision = ledger.revision() + reservations.revision();
            Measured last = measured.get(ledger.host());
            if (last == null || last.revision() != revision) {
                Capacity capacity = picture(ledger).capacity(WIDE);
                last = new Measured(revision, new LeaseMeters.Room(capacity.freePorts(), capacity.fits()));
                measured.put(ledger.host(), last);
            }
            rooms.put(ledger.host(), last.room());
        }
        measured.keySet().retainAll(rooms.keySet());
        meters.swept(leases, sweeper.selfPreservation().isPresent(), rooms);
    }

    private static void tell(AcquireLease question, LeaseReply reply) {
        if (reply instanceof LeaseReply.Granted granted) {
            Lease lease = granted.lease();
            log.info(
                    "{} in incarnation {}: {} with fence {}, {}",
                    lease.holder(),
                    lease.incarnation(),
                    lease.ports(),
                    lease.fence(),
                    lease.state());
        } else if (reply instanceof LeaseReply.Refused refused) {
            log.warn("{} got no lease: {}", question.holder(), refused.refusal().detail());
        }
    }
}
