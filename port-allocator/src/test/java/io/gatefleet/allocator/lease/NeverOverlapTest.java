package io.gatefleet.allocator.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.lease.Claim;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.lease.ReleaseLease;
import io.gatefleet.contract.lease.RenewLease;
import io.gatefleet.contract.lease.RestView;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Whatever is asked, in whatever order, by whomever: two live leases of a host never share a port. */
class NeverOverlapTest {
    private static final int STEPS = 250;
    private static final Footprint SPARSE = Footprint.parse("0,2,4-6,11");
    private static final List<Footprint> FOOTPRINTS = List.of(Mill.WIDE, Mill.DENSE, SPARSE, Footprint.contiguous(1));

    private static final List<Listener.Reading> READINGS = List.of(Listener.Reading.values());

    private final Mill mill = new Mill();
    private final Map<String, Long> incarnations = new HashMap<>();
    private final List<Lease> remembered = new ArrayList<>();
    private long highestFence;

    /** The last claim stated a fact: what stands somewhere is offered its place, whatever the rules say. */
    private boolean standing;

    /** Who asked last. */
    private String actor = "";

    @RepeatedTest(300) // the repetition is the seed, so a failure can be run again
    void liveLeasesNeverShareAPort(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        mill.pool = PortSet.parse(random.nextBoolean() ? "20000-20700" : "20000-20300,20350-20800");
        mill.ephemeral = random.nextInt(4) == 0 ? new PortRange(20_500, 60_999) : mill.ephemeral;
        mill.allowEphemeral = random.nextBoolean();
        for (int step = 0; step < STEPS; step++) {
            HostLedger before = mill.ledger;
            Optional<Lease> fresh = step(random).filter(lease -> lease.fence() > highestFence);
            String when = "seed %d, step %d".formatted(run.getCurrentRepetition(), step);
            disjoint(when);
            nobodyElseLostWhatItHeld(when, before);
            fresh.ifPresent(lease -> {
                assertThat(lease.fence()).as(when).isGreaterThan(highestFence);
                highestFence = lease.fence();
                remembered.add(lease);
                if (lease.state() == LeaseState.OFFERED && !standing) {
                    lentByTheRules(when, lease, before);
                }
            });
        }
        assertThat(remembered).as("the run lent something").hasSizeGreaterThan(5);
    }

    private Optional<Lease> step(Random random) {
        standing = false;
        String instance = "i" + random.nextInt(8);
        Footprint footprint = FOOTPRINTS.get(Math.floorMod(instance.hashCode(), FOOTPRINTS.size()));
        actor = instance;
        long incarnation = incarnations.computeIfAbsent(instance, name -> 1L);
        Mill.Ask ask = mill.ask(instance).of(footprint).in(incarnation);
        Optional<Lease> held = mill.ledger.holding(new InstanceId(instance)).map(Holding::lease);
        switch (random.nextInt(14)) {
            case 0, 1, 2 -> {
                return tryAsk(ask);
            }
            case 3 -> {
                incarnations.put(instance, incarnation + 1);
                return tryAsk(ask.in(incarnation + 1));
            }
            case 4 -> {
                return held.flatMap(lease -> tryAsk(ask.rejects(lease, someOf(random, lease.ports()))));
            }
            case 5 -> {
                long fence = random.nextBoolean() ? highestFence : 1 + random.nextInt(1000);
                return tryAsk(ask.rejects(fence, BusyPort.Protocol.NEIGHBOUR, 19_950 + random.nextInt(900)));
            }
            case 6 -> {
                Claim claim = new Claim(
                        19_900 + random.nextInt(1000),
                        footprint,
                        random.nextInt(1 << 20),
                        random.nextBoolean() ? GuardState.HELD : GuardState.MISSING,
                        random.nextInt(4) == 0 ? true : null);
                standing = Boolean.TRUE.equals(claim.standing());
                return tryAsk(ask.claims(claim));
            }
            case 7 -> {
                if (remembered.isEmpty()) {
                    return Optional.empty();
                }
                Lease former = remembered.get(random.nextInt(remembered.size()));
                String name = former.holder().instance().value();
                actor = name;
                return tryAsk(mill.ask(name)
                        .of(former.footprint())
                        .in(incarnations.getOrDefault(name, 1L))
                        .claims(Mill.claim(former, GuardState.HELD)));
            }
            case 8, 9 ->
                held.ifPresent(lease -> mill.run(new Command.Renew(new RenewLease(
                        lease.holder(),
                        lease.incarnation(),
                        random.nextInt(5) == 0 ? lease.fence() - 1 : lease.fence(),
                        random.nextInt(4) == 0 ? GuardState.MISSING : GuardState.HELD))));
            case 10 ->
                mill.run(new Command.Release(new ReleaseLease(
                        new InstanceKey(Mill.HOST, new InstanceId(instance)),
                        new Incarnation(incarnation),
                        random.nextBoolean())));
            case 11 -> held.ifPresent(mill::lapse);
            case 12 -> end(random);
            default -> changeTheWorld(random, held);
        }
        return Optional.empty();
    }

    private static Optional<Lease> tryAsk(Mill.Ask ask) {
        return ask.reply() instanceof LeaseReply.Granted granted ? Optional.of(granted.lease()) : Optional.empty();
    }

    private void end(Random random) {
        Recovery recovery = mill.ledger.recovery();
        if (recovery != null && random.nextBoolean()) {
            mill.run(new Command.EndRecovery(recovery.id()));
        } else if (!mill.ledger.rests().isEmpty()) {
            List<Rest> rests = mill.ledger.rests();
            mill.run(new Command.EndRest(rests.get(random.nextInt(rests.size())).id()));
        }
    }

    private void changeTheWorld(Random random, Optional<Lease> held) {
        switch (random.nextInt(5)) {
            case 0 -> {
                mill.listeners.clear();
                mill.listens(19_850 + random.nextInt(950), READINGS.get(random.nextInt(READINGS.size())));
            }
            case 1 ->
                mill.guards = random.nextBoolean()
                        ? PortSet.EMPTY
                        : PortSet.of(PortRange.of(20_000 + random.nextInt(700), 1 + random.nextInt(40)));
            case 2 -> {
                mill.reservations.clear();
                mill.reserve("r", Integer.toString(20_000 + random.nextInt(700)));
            }
            case 3 -> mill.space = random.nextInt(6) == 0 ? Mill.OTHER_SPACE : Mill.SPACE;
            default -> held.ifPresent(lease -> mill.run(new Command.Revoke(lease.fence())));
        }
    }

    private static int[] someOf(Random random, PortSet ports) {
        int[] all = ports.stream().toArray();
        return new int[] {all[random.nextInt(all.length)], all[random.nextInt(all.length)]};
    }

    private void disjoint(String when) {
        BitSet lent = new BitSet();
        for (Holding holding : mill.ledger.holdings()) {
            BitSet ports = holding.lease().ports().bits();
            assertThat(lent.intersects(ports))
                    .as(() -> when + ": " + mill.lent())
                    .isFalse();
            lent.or(ports);
        }
        List<InstanceId> holders =
                mill.ledger.holdings().stream().map(Holding::instance).toList();
        assertThat(holders).as(when).isSorted().doesNotHaveDuplicates();
        assertThat(mill.ledger.nextFence())
                .as(when)
                .isGreaterThanOrEqualTo(mill.ledger.holdings().stream()
                        .mapToLong(holding -> holding.lease().fence())
                        .max()
                        .orElse(0));
    }

    /** What was confirmed ends by its own instance's word or silence only, or with its port space. */
    private void nobodyElseLostWhatItHeld(String when, HostLedger before) {
        if (!Objects.equals(before.portSpace(), mill.ledger.portSpace())) {
            return;
        }
        for (Holding holding : before.holdings()) {
            if (holding.lease().state() != LeaseState.OFFERED
                    && !holding.instance().value().equals(actor)) {
                assertThat(mill.ledger.holding(holding.instance())).as(when).contains(holding);
            }
        }
    }

    /** An offer is nowhere where it must not be: outside of the pool, or on what is somebody's. */
    private void lentByTheRules(String when, Lease lease, HostLedger before) {
        PortSet ports = lease.ports();
        LeaseRules rules = mill.rules();
        InstanceId holder = lease.holder().instance();
        assertThat(rules.pool().containsAll(ports)).as(when).isTrue();
        assertThat(lease.base()).as(when).isLessThanOrEqualTo(rules.highestBase(lease.footprint()));
        assertThat(ports.overlaps(rules.reserved())).as(when).isFalse();
        assertThat(ports.overlaps(Foreign.ports(mill.facts(), rules))).as(when).isFalse();
        assertThat(ports.overlaps(Foreign.kernel(mill.facts(), rules))).as(when).isFalse();
        boolean samePlace = mill.space.equals(before.portSpace());
        for (Rest rest : samePlace ? before.rests() : List.<Rest>of()) {
            assertThat(ports.overlaps(rest.ports())
                            && (rest.reason() == RestView.Reason.BUSY
                                    || !rest.instance().equals(holder)))
                    .as(() -> "%s: %s overlaps %s".formatted(when, lease, rest))
                    .isFalse();
        }
    }
}
