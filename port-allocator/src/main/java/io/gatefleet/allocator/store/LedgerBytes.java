package io.gatefleet.allocator.store;

import io.gatefleet.allocator.lease.Holding;
import io.gatefleet.allocator.lease.HostLedger;
import io.gatefleet.allocator.lease.Recovery;
import io.gatefleet.allocator.lease.RejectHistory;
import io.gatefleet.allocator.lease.Rest;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A ledger as bytes, on its way to the members that keep copies of it. Three parts, by how often they change: the leases
 * with every heartbeat, so they are compact (some 40 bytes each; as JSON they would be 300); the other decisions sometimes,
 * the facts at registrations only, and they are as large as all the rest.
 *
 * <p>Each part is a row of fields: a tag, a length, that many bytes. A reader skips tags that it does not know, and what
 * follows in a lease behind the values that it knows, so that members of two neighbouring versions keep ledgers together;
 * what only the newer one wrote is lost when the older one changes the ledger. Tags are added to, never used again.
 */
final class LedgerBytes {
    /** Members must agree on it: see {@code SharedState.form}. */
    static final int FORM = 2;

    private static final int HOST = 1;
    private static final int REVISION = 2;
    private static final int NEXT_FENCE = 3;
    private static final int FOOTPRINT = 4;
    private static final int LAYOUT = 5;
    private static final int HOLDING = 6;

    private static final int REST = 16;
    private static final int REJECTS = 17;
    private static final int PORT_SPACE = 18;
    private static final int PORT_SPACE_FROM = 19;
    private static final int CHALLENGER = 20;
    private static final int RECOVERY = 21;
    private static final int FOREIGN_GUARDS = 22;

    private static final int FACTS = 32;

    private LedgerBytes() {}

    /** The host, its numbers and its leases. */
    static byte[] leases(HostLedger ledger) {
        FieldWriter out = new FieldWriter(64 + 48 * ledger.holdings().size());
        out.text(HOST, ledger.host().value());
        out.number(REVISION, ledger.revision());
        out.number(NEXT_FENCE, ledger.nextFence());
        // Few leases differ in footprint and layout: each is written once, and named by its place.
        Places<Footprint> footprints = new Places<>();
        Places<String> layouts = new Places<>();
        for (Holding holding : ledger.holdings()) {
            footprints.of(holding.lease().footprint());
            layouts.of(holding.lease().layout());
        }
        footprints.all().forEach(footprint -> out.text(FOOTPRINT, footprint.toString()));
        layouts.all().forEach(layout -> out.text(LAYOUT, layout));
        for (Holding holding : ledger.holdings()) {
            Lease lease = holding.lease();
            out.begin(HOLDING);
            out.plainText(lease.holder().instance().value());
            out.plainNumber(lease.incarnation().number());
            out.plainNumber(lease.base());
            out.plainNumber(footprints.of(lease.footprint()));
            out.plainNumber(layouts.of(lease.layout()));
            out.plainNumber(lease.fence());
            out.plainText(lease.state().toString());
            out.plainNumber(holding.beats());
            out.end();
        }
        return out.bytes();
    }

    /** A few things in the order in which they came up, each once. */
    private static final class Places<T> {
        private final List<T> all = new ArrayList<>();

        /** Its place from 0 on. Compared one by one: nearly always there is one, and hashing it costs more. */
        int of(T thing) {
            int place = all.indexOf(thing);
            if (place < 0) {
                place = all.size();
                all.add(thing);
            }
            return place;
        }

        List<T> all() {
            return all;
        }
    }

    /** Rests, rejections, the port space and what grants wait for. */
    static byte[] others(HostLedger ledger) {
        FieldWriter out = new FieldWriter(64 + 160 * ledger.rests().size());
        ledger.rests().forEach(rest -> json(out, REST, rest));
        ledger.rejects().forEach(history -> json(out, REJECTS, history));
        json(out, PORT_SPACE, ledger.portSpace());
        json(out, PORT_SPACE_FROM, ledger.portSpaceFrom());
        json(out, CHALLENGER, ledger.challenger());
        json(out, RECOVERY, ledger.recovery());
        if (!ledger.foreignGuards().isEmpty()) {
            out.text(FOREIGN_GUARDS, ledger.foreignGuards().toString());
        }
        return out.bytes();
    }

    /** Whether both have the same {@link #others}: the same objects, so that asking costs nothing. */
    @SuppressWarnings("ReferenceEquality")
    static boolean sameOthers(HostLedger left, HostLedger right) {
        return left.rests() == right.rests()
                && left.rejects() == right.rejects()
                && left.portSpace() == right.portSpace()
                && left.portSpaceFrom() == right.portSpaceFrom()
                && left.challenger() == right.challenger()
                && left.recovery() == right.recovery()
                && left.foreignGuards() == right.foreignGuards();
    }

    /** Whether nothing changed: a command that changes nothing gives the same object back. */
    @SuppressWarnings("ReferenceEquality")
    static boolean same(HostLedger left, HostLedger right) {
        return left == right;
    }

    /** The same of the {@link #facts}. */
    @SuppressWarnings("ReferenceEquality")
    static boolean sameFacts(HostLedger left, HostLedger right) {
        return left.facts() == right.facts();
    }

    /** What the last node said of its host. */
    static byte[] facts(HostLedger ledger) {
        FieldWriter out = new FieldWriter(256);
        json(out, FACTS, ledger.facts());
        return out.bytes();
    }

    /**
     * The ledger of those three parts.
     *
     * @throws IllegalStateException if they are no ledger's
     */
    static HostLedger read(byte[] leases, byte[] others, byte[] facts) {
        Parts parts = new Parts();
        for (byte[] part : List.of(leases, others, facts)) {
            FieldReader in = new FieldReader(part);
            while (in.next()) {
                parts.take(in);
            }
        }
        return parts.ledger();
    }

    private static void json(FieldWriter out, int tag, @Nullable Object value) {
        if (value != null) {
            out.bytes(tag, Wire.LENIENT.write(value).getBytes());
        }
    }

    /** What was read so far. */
    private static final class Parts {
        private @Nullable HostId host;
        private long revision;
        private long nextFence;
        private final List<Footprint> footprints = new ArrayList<>();
        private final List<String> layouts = new ArrayList<>();
        private final List<Holding> holdings = new ArrayList<>();
        private final List<Rest> rests = new ArrayList<>();
        private final List<RejectHistory> rejects = new ArrayList<>();
        private @Nullable PortSpace portSpace;
        private @Nullable InstanceId portSpaceFrom;
        private @Nullable PortSpace challenger;
        private @Nullable Recovery recovery;
        private PortSet foreignGuards = PortSet.EMPTY;
        private @Nullable HostFacts facts;

        void take(FieldReader in) {
            switch (in.tag()) {
                case HOST -> host = new HostId(in.text());
                case REVISION -> revision = in.number();
                case NEXT_FENCE -> nextFence = in.number();
                case FOOTPRINT -> footprints.add(Footprint.parse(in.text()));
                case LAYOUT -> layouts.add(in.text());
                case HOLDING -> holdings.add(holding(in));
                case REST -> rests.add(json(in, Rest.class));
                case REJECTS -> rejects.add(json(in, RejectHistory.class));
                case PORT_SPACE -> portSpace = json(in, PortSpace.class);
                case PORT_SPACE_FROM -> portSpaceFrom = json(in, InstanceId.class);
                case CHALLENGER -> challenger = json(in, PortSpace.class);
                case RECOVERY -> recovery = json(in, Recovery.class);
                case FOREIGN_GUARDS -> foreignGuards = PortSet.parse(in.text());
                case FACTS -> facts = json(in, HostFacts.class);
                default -> {
                    // A newer member's.
                }
            }
        }

        private Holding holding(FieldReader in) {
            if (host == null) {
                throw new IllegalStateException("a lease before its host");
            }
            return new Holding(
                    new Lease(
                            new InstanceKey(host, new InstanceId(in.plainText())),
                            new Incarnation(in.plainNumber()),
                            (int) in.plainNumber(),
                            footprints.get((int) in.plainNumber()),
                            layouts.get((int) in.plainNumber()),
                            in.plainNumber(),
                            LeaseState.parse(in.plainText())),
                    in.plainNumber());
        }

        private static <T> T json(FieldReader in, Class<T> type) {
            return Wire.LENIENT.read(in.bytes(), type);
        }

        HostLedger ledger() {
            if (host == null) {
                throw new IllegalStateException("no host in the ledger's bytes");
            }
            return new HostLedger(
                    host,
                    revision,
                    nextFence,
                    holdings,
                    rests,
                    rejects,
                    portSpace,
                    portSpaceFrom,
                    challenger,
                    recovery,
                    foreignGuards,
                    facts);
        }
    }
}
