package io.gatefleet.allocator;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.runtime.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What the allocator tells about itself. No instance is ever a tag; hosts are, up to a cap. */
final class LeaseMeters {
    /** One series per host and gauge: those with more room than this many others are summed up as {@code other}. */
    static final int MOST_HOSTS = 200;

    /** Nobody needs to be told of a host that has room; by name, so that equal ones do not take turns. */
    private static final Comparator<Map.Entry<HostId, Room>> FULLEST_FIRST = Comparator.comparingInt(
                    (Map.Entry<HostId, Room> entry) -> entry.getValue().fits())
            .thenComparing(Map.Entry::getKey);

    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger preserving = new AtomicInteger();
    private final Map<LeaseState, Counter> granted = new EnumMap<>(LeaseState.class);
    private final Map<Refusal.Code, Counter> refused = new EnumMap<>(Refusal.Code.class);
    private final Counter lapsed;
    private final Timer acquire;
    private final MultiGauge free;
    private final MultiGauge fits;

    LeaseMeters(MeterRegistry meters) {
        Gauge.builder("gatefleet.lease.held", held, AtomicInteger::get)
                .description("Live leases: offered, confirmed or revoked")
                .register(meters);
        Gauge.builder("gatefleet.lease.selfpreservation", preserving, AtomicInteger::get)
                .description("1 while no lease lapses, because too many fell silent at once")
                .register(meters);
        for (LeaseState state : new LeaseState[] {LeaseState.OFFERED, LeaseState.CONFIRMED}) {
            granted.put(
                    state,
                    Counter.builder("gatefleet.lease.granted")
                            .description("Questions for ports that were answered with a lease, by its state")
                            .tag("state", state.toString())
                            .register(meters));
        }
        for (Refusal.Code code : Refusal.Code.values()) {
            refused.put(
                    code,
                    Counter.builder("gatefleet.lease.refused")
                            .description("Questions that were answered with a refusal, by its code")
                            .tag("code", code.toString())
                            .register(meters));
        }
        lapsed = Counter.builder("gatefleet.lease.lapsed")
                .description("Leases that ended by silence")
                .register(meters);
        acquire = Timer.builder("gatefleet.lease.acquire")
                .description("From a question for ports to its answer")
                .serviceLevelObjectives(Meters.answerTimes())
                .register(meters);
        free = MultiGauge.builder("gatefleet.pool.free")
                .description("Ports of a host's pool that can be lent")
                .register(meters);
        fits = MultiGauge.builder("gatefleet.pool.fits")
                .description("Further wide gateways that a host's pool has room for")
                .register(meters);
    }

    /** How much room a host has. */
    record Room(int freePorts, int fits) {}

    Timer acquire() {
        return acquire;
    }

    void acquired(LeaseReply reply) {
        if (reply instanceof LeaseReply.Granted grant) {
            Counter counter = granted.get(grant.lease().state());
            if (counter != null) {
                counter.increment();
            }
        }
        countRefusal(reply);
    }

    void countRefusal(LeaseReply reply) {
        if (reply instanceof LeaseReply.Refused no) {
            Counter counter = refused.get(no.refusal().kind());
            if (counter != null) {
                counter.increment();
            }
        }
    }

    void lapsed() {
        lapsed.increment();
    }

    void swept(int leases, boolean selfPreservation, SortedMap<HostId, Room> rooms) {
        held.set(leases);
        preserving.set(selfPreservation ? 1 : 0);
        List<MultiGauge.Row<?>> freeRows = new ArrayList<>();
        List<MultiGauge.Row<?>> fitsRows = new ArrayList<>();
        int otherFree = 0;
        int otherFits = 0;
        int shown = 0;
        List<Map.Entry<HostId, Room>> hosts = new ArrayList<>(rooms.entrySet());
        hosts.sort(FULLEST_FIRST);
        for (Map.Entry<HostId, Room> entry : hosts) {
            Room room = entry.getValue();
            if (shown++ < MOST_HOSTS) {
                Tags host = Tags.of("host", entry.getKey().value());
                freeRows.add(MultiGauge.Row.of(host, room.freePorts()));
                fitsRows.add(MultiGauge.Row.of(host, room.fits()));
            } else {
                otherFree += room.freePorts();
                otherFits += room.fits();
            }
        }
        if (shown > MOST_HOSTS) {
            Tags other = Tags.of("host", "other");
            freeRows.add(MultiGauge.Row.of(other, otherFree));
            fitsRows.add(MultiGauge.Row.of(other, otherFits));
        }
        free.register(freeRows, true);
        fits.register(fitsRows, true);
    }
}
