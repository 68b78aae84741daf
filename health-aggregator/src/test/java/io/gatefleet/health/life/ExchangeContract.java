package io.gatefleet.health.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.lease.Claim;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.lease.Rejection;
import io.gatefleet.health.life.Speaker.Said;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every exchange between a node and the control plane promises, whichever way its words come. */
abstract class ExchangeContract {
    private static final AtomicInteger HOSTS = new AtomicInteger();

    /** A host of its own for each case: the plane is the same for all. */
    private final String host = "host-" + HOSTS.incrementAndGet();

    private final InstanceKey main = Words.key(host, "main");
    private final InstanceKey rescue = Words.key(host, "rescue");

    abstract Speaker speaker();

    /** Waits until whoever may be asked next has heard of the instance. */
    abstract void everybodyKnows(InstanceKey key);

    private Lease join(InstanceKey key, long incarnation) {
        Lease lease = speaker().register(key, Words.join(key, incarnation)).granted();
        everybodyKnows(key);
        return lease;
    }

    @Test
    void oneWordToJoinOneToStayOneToLeave() {
        Lease offered = join(main, 7);
        assertThat(offered.state()).isEqualTo(LeaseState.OFFERED);
        assertThat(offered.holder()).isEqualTo(main);

        Said heard = speaker().heartbeat(main, Words.beat(offered, 0));
        assertThat(heard.what()).isEqualTo("heard");
        assertThat(heard.granted()).isEqualTo(offered.in(LeaseState.CONFIRMED));

        assertThat(speaker().deregister(main, new Incarnation(7), true).what()).isEqualTo("departed");
        assertThat(join(rescue, 1).base()).as("closed ports need no rest").isEqualTo(offered.base());
    }

    @Test
    void theSameWordTwiceGetsTheSameAnswer() {
        Lease lease = join(main, 7);
        assertThat(join(main, 7)).isEqualTo(lease);

        Said heard = speaker().heartbeat(main, Words.beat(lease, 3));
        assertThat(speaker().heartbeat(main, Words.beat(lease, 3))).isEqualTo(heard);
        assertThat(speaker().heartbeat(main, Words.beat(lease, 2)))
                .as("a late one")
                .isEqualTo(heard);

        Said gone = speaker().deregister(main, new Incarnation(7), true);
        assertThat(speaker().deregister(main, new Incarnation(7), true)).isEqualTo(gone);
    }

    @Test
    void whoseAnswerWasLostAsksAgainAndHasOneLease() {
        for (int i = 0; i < 5; i++) {
            speaker().registerAndGoAway(main, Words.join(main, 7));
        }
        Lease lease = join(main, 7);
        speaker().registerAndGoAway(main, Words.join(main, 7));

        assertThat(join(main, 7)).isEqualTo(lease);
        assertThat(join(rescue, 1).base()).as("the next one stands behind it").isEqualTo(lease.base() + 111);
    }

    @Test
    void aRejectedOfferIsFollowedByAnotherAndTheSameRejectionByTheSame() {
        Lease first = join(main, 7);
        Rejection rejection = new Rejection(
                first.fence(), List.of(new BusyPort(first.base() + 11, BusyPort.Protocol.TCP, 12, "chromium")));

        Lease second =
                speaker().register(main, Words.join(main, 7, null, rejection)).granted();
        assertThat(second.ports().contains(first.base() + 11)).isFalse();
        assertThat(second.fence()).isGreaterThan(first.fence());
        assertThat(speaker()
                        .register(main, Words.join(main, 7, null, rejection))
                        .granted())
                .isEqualTo(second);
    }

    @Test
    void anOlderLifeIsSuperseded() {
        Lease old = join(main, 6);
        speaker().heartbeat(main, Words.beat(old, 1));
        Lease next = join(main, 7);

        assertThat(next.base()).isEqualTo(old.base());
        assertThat(next.fence()).isGreaterThan(old.fence());
        // Another registry may not have heard of the newer life yet; the ledger has.
        await().atMost(Plane.SOON)
                .until(() ->
                        speaker().register(main, Words.join(main, 6)).what().equals("superseded"));
        assertThat(speaker().heartbeat(main, Words.beat(old, 2)).what()).isEqualTo("superseded");
        await().atMost(Plane.SOON).until(() -> speaker()
                .deregister(main, new Incarnation(6), true)
                .what()
                .matches("other-incarnation|superseded"));
        assertThat(speaker().heartbeat(main, Words.beat(next, 1)).what()).isEqualTo("heard");
    }

    @Test
    void whoIsUnknownIsToldSoAndJoinsWithItsClaim() {
        Lease had = new Lease(
                main, new Incarnation(7), 20_000, Words.WIDE, "simulated-wide", 1L << 52, LeaseState.CONFIRMED);
        assertThat(speaker().heartbeat(main, Words.beat(had, 1)).what()).isEqualTo("unknown-instance");

        Claim claim = new Claim(had.base(), Words.WIDE, had.fence(), GuardState.HELD, true);
        Lease again = speaker().register(main, Words.join(main, 7, claim, null)).granted();
        assertThat(again.base()).isEqualTo(had.base());
        assertThat(again.fence()).isGreaterThan(had.fence());
    }

    @Test
    void aClaimOnAnothersConfirmedPortsIsRefused() {
        Lease lease = join(main, 7);
        assertThat(speaker().heartbeat(main, Words.beat(lease, 0)).what()).isEqualTo("heard");

        Claim claim = new Claim(lease.base() + 50, Words.WIDE, lease.fence(), GuardState.HELD, true);
        Said refused = speaker().register(rescue, Words.join(rescue, 1, claim, null));
        assertThat(refused.what()).isEqualTo("claim-conflict");
        assertThat(refused.detail()).contains(main.toString());
        assertThat(speaker().heartbeat(main, Words.beat(lease, 1)).what()).isEqualTo("heard");
    }

    @Test
    void aLeaseThatTheLedgerDoesNotKnowIsLost() {
        Lease lease = join(main, 7);
        Lease older = new Lease(
                main,
                lease.incarnation(),
                lease.base(),
                lease.footprint(),
                lease.layout(),
                lease.fence() - 1,
                LeaseState.CONFIRMED);

        assertThat(speaker().heartbeat(main, Words.beat(older, 1)).what()).isEqualTo("lease-lost");
        assertThat(speaker().heartbeat(main, Words.beat(lease, 2)).what()).isEqualTo("heard");
    }

    @Test
    void whatCannotBeUsedIsNamedAndChangesNothing() {
        Lease lease = join(main, 7);

        Said another = speaker().heartbeat(main, Words.beat(ofRescue(lease), 1));
        assertThat(another.what()).isEqualTo("bad-input");
        assertThat(another.detail()).contains("lease.holder", rescue.toString());
        assertThat(speaker().registerWith(rescue, "{\"incarnation\":").what()).isEqualTo("bad-input");
        assertThat(speaker().registerWith(rescue, "[]").what()).isEqualTo("bad-input");
        assertThat(speaker().heartbeat(rescue, Words.beat(ofRescue(lease), 1)).what())
                .isEqualTo("unknown-instance");
        assertThat(speaker().heartbeat(main, Words.beat(lease, 1)).what()).isEqualTo("heard");
    }

    private Lease ofRescue(Lease lease) {
        return new Lease(
                rescue,
                lease.incarnation(),
                lease.base(),
                lease.footprint(),
                lease.layout(),
                lease.fence(),
                lease.state());
    }
}
