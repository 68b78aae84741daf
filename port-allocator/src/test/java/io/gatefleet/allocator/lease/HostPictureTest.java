package io.gatefleet.allocator.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.host.Listener.Reading;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Capacity;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeasePlan;
import io.gatefleet.contract.lease.PortExplanation;
import io.gatefleet.contract.lease.PortExplanation.Use;
import io.gatefleet.contract.lease.PortMapView;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPictureTest {
    private final Mill mill = new Mill();

    /** A host on which a bit of everything stands. */
    @Nested
    class Explain {
        @BeforeEach
        void fill() {
            mill.confirmed("main"); // 18789-18899
            Lease rescue = mill.confirmed("rescue"); // 18900-19010
            Lease lapsed = mill.confirmed("lapsed"); // 19011-19121
            Lease offer = mill.ask("third").lease(); // 19122-19232
            mill.release(rescue, false);
            mill.lapse(lapsed);
            mill.ask("third").rejects(offer, 19_130).lease(); // 19131-19241
            mill.reserve("database", "20000");
            mill.pool = PortSet.parse("18789-40000");
            mill.listens(21_000, Reading.GATEWAY_LIKE);
            mill.listens(22_000, Reading.PLAIN);
            mill.listens(23_000, Reading.UNKNOWN);
            mill.guards = PortSet.of(24_000);
            mill.ask("newcomer").refusal();
        }

        @ParameterizedTest(name = "{0} is {1}")
        @CsvSource(delimiter = '|', textBlock = """
                18789 | LEASE        | 18789 is lent to mill/main (18789-18899, fence 1882193920000000, confirmed) as gateway.
                18790 | LEASE        | as management.
                18800 | LEASE        | as cdp 1.
                18899 | LEASE        | as cdp 100.
                18793 | LEASE        | (18789-18899, fence 1882193920000000, confirmed).
                18900 | REST         | 18900 rests for 42 s more: rescue gave it back without proof that every socket is closed.
                19011 | REST         | 19011 rests for 42 s more: lapsed fell silent or moved, and its gateway may still live there.
                19130 | REST         | 19130 rests for 42 s more: third found a listener, pid 4711 (thief) there.
                20000 | RESERVATION  | 20000 is reserved as database; no gateway gets it.
                21000 | FOREIGN      | node (pid 4711) listens on 127.0.0.1 port 21000; it may be a gateway that Gatefleet does not run, so 21000-21110 is foreign. If it is none, reserve 21000 alone.
                21110 | FOREIGN      | so 21000-21110 is foreign, 21110 too. If it is none, reserve 21000 alone.
                22000 | FOREIGN      | node (pid 4711) listens on 127.0.0.1 port 22000 and is no gateway: only that port is foreign.
                22001 | FREE         | 22001 is free.
                23050 | FOREIGN      | it cannot be told from a gateway
                24000 | GUARD        | A guard stands on 24000 that this ledger does not know
                32768 | KERNEL       | 32768 is in the kernel's ephemeral range 32768-60999
                8080  | OUTSIDE_POOL | 8080 is outside of pool 18789-40000
                """)
        void aPortsUseIsSaidWithItsReason(int port, Use use, String sentence) {
            PortExplanation explanation = mill.picture().explain(port);

            assertThat(explanation.use()).as(explanation.sentence()).isEqualTo(use);
            assertThat(explanation.sentence()).contains(sentence);
        }

        @Test
        void anExplanationCarriesItsFacts() {
            HostPicture picture = mill.picture();

            assertThat(picture.explain(18_800).lease()).isNotNull().satisfies(lease -> assertThat(lease.holder())
                    .isEqualTo(new InstanceKey(Mill.HOST, new InstanceId("main"))));
            assertThat(picture.explain(18_800).role()).isEqualTo("cdp 1");
            assertThat(picture.explain(19_130).rest()).isNotNull().satisfies(rest -> {
                assertThat(rest.busy()).isNotNull();
                assertThat(rest.formerHolder()).isNull();
                assertThat(rest.remainingMillis()).isEqualTo(42_000);
            });
            assertThat(picture.explain(19_011).rest()).isNotNull().satisfies(rest -> assertThat(rest.formerHolder())
                    .isEqualTo(new InstanceKey(Mill.HOST, new InstanceId("lapsed"))));
            assertThat(picture.explain(20_000).reservation()).isEqualTo(mill.reservations.get(0));
            assertThat(picture.explain(21_050).listener()).isEqualTo(mill.listeners.get(0));
        }

        @Test
        void theMapShowsEveryPortOnce() {
            PortMapView map = mill.picture().map();

            assertThat(map.leases()).hasSize(2);
            assertThat(map.rests()).hasSize(3);
            assertThat(map.kernel()).hasToString("32768-40000");
            assertThat(map.foreign()).hasToString("21000-21110,22000,23000-23110,24000");
            assertThat(map.listeners()).isEqualTo(mill.listeners);
            PortSet used = map.kernel().plus(map.foreign()).plus(PortSet.of(20_000));
            for (Lease lease : map.leases()) {
                used = used.plus(lease.ports());
            }
            for (var rest : map.rests()) {
                used = used.plus(rest.ports());
            }
            assertThat(map.free()).isEqualTo(map.pool().minus(used));
        }

        @Test
        void everyPortsUseAgreesWithTheMap() {
            PortMapView map = mill.picture().map();

            for (int port = 18_700; port <= 33_000; port += 7) {
                boolean free = mill.picture().explain(port).use() == Use.FREE;
                assertThat(free).as("port " + port).isEqualTo(map.free().contains(port));
            }
        }
    }

    @Test
    void aSingleReservationMakesAStrangerKnown() {
        mill.listens(21_000, Reading.GATEWAY_LIKE);
        mill.reserve("known", "21000");
        mill.confirmed("main");

        assertThat(mill.picture().explain(21_000).use()).isEqualTo(Use.RESERVATION);
        assertThat(mill.picture().explain(21_001).use()).isEqualTo(Use.FREE);
    }

    @Test
    void theGuardOfALeaseThatEndedIsNotShownAsUnknown() {
        Lease main = mill.confirmed("main");
        mill.guards = main.ports();
        mill.confirmed("rescue");
        mill.release(main, true);

        assertThat(mill.picture().explain(18_789).use()).isEqualTo(Use.FREE);
        assertThat(mill.picture().plan(null, "x", Mill.WIDE).base()).isEqualTo(18_789);
    }

    @Test
    void capacityIsCountedInWholeGateways() {
        mill.confirmed("main");

        assertThat(mill.picture().capacity(Mill.WIDE))
                .isEqualTo(new Capacity(Mill.HOST, mill.pool, Mill.WIDE, 124, 125, 13_868, 13_868, 0.007));
        assertThat(mill.picture().capacity(Mill.DENSE))
                .isEqualTo(new Capacity(Mill.HOST, mill.pool, Mill.DENSE, 3_467, 3_494, 13_868, 13_868, 0));
    }

    @Test
    void fragmentationIsThePartThatNoGatewayCanUse() {
        mill.pool = PortSet.parse("20000-20399");
        mill.reserve("in-the-middle", "20100-20199");
        mill.confirmed("main"); // 20200-20310

        Capacity capacity = mill.picture().capacity(Mill.WIDE);

        assertThat(capacity.fits()).isZero();
        assertThat(capacity.ofEmptyPool()).isEqualTo(3);
        assertThat(capacity.freePorts()).isEqualTo(189);
        assertThat(capacity.widestGap()).isEqualTo(100);
        assertThat(capacity.fragmentation()).isEqualTo(1);
        assertThat(mill.picture().capacity(Footprint.contiguous(1)).fragmentation())
                .isZero();
    }

    @Test
    void aFullPoolIsNotFragmented() {
        mill.pool = PortSet.parse("20000-20110");
        mill.confirmed("main");

        assertThat(mill.picture().capacity(Mill.WIDE))
                .returns(0, Capacity::fits)
                .returns(0, Capacity::freePorts)
                .returns(0.0, Capacity::fragmentation);
    }

    @Test
    void aPlanIsWhatWouldBeGrantedAndLendsNothing() {
        mill.confirmed("main");
        HostLedger before = mill.ledger;

        LeasePlan plan = mill.picture().plan(null, "openclaw-wide", Mill.WIDE);

        assertThat(plan.base()).isEqualTo(18_900);
        assertThat(plan.refusal()).isNull();
        assertThat(plan.sentence()).isEqualTo("A new instance would get 18900-19010.");
        assertThat(mill.ledger).isSameAs(before);
        assertThat(mill.ask("rescue").lease().base()).isEqualTo(plan.base());
    }

    @Test
    void aPlanForAKnownInstanceRespectsItsBase() {
        mill.confirmed("early");
        Lease main = mill.confirmed("main");
        mill.release(mill.ask("early").lease(), true);

        assertThat(mill.picture().plan(new InstanceId("main"), "x", Mill.WIDE))
                .returns(main.base(), LeasePlan::base)
                .returns("Instance main would get 18900-19010, the base that it has.", LeasePlan::sentence);
        mill.lapse(main);
        assertThat(mill.picture().plan(new InstanceId("main"), "x", Mill.WIDE))
                .returns(main.base(), LeasePlan::base)
                .returns("Instance main would get 18900-19010, the base that it had.", LeasePlan::sentence);
    }

    @Test
    void aPlanWithoutAPlaceSaysWhy() {
        mill.pool = PortSet.parse("20000-20110");
        mill.confirmed("main");

        assertThat(mill.picture().plan(null, "x", Mill.WIDE)).satisfies(plan -> {
            assertThat(plan.base()).isNull();
            assertThat(plan.refusal()).isInstanceOf(Refusal.PoolExhausted.class);
            assertThat(plan.sentence()).contains("No place for footprint 0-110");
        });
    }

    @Test
    void aPlanDuringARecoverySaysThatGrantsWait() {
        mill.guards = PortSet.of(20_000);
        mill.ask("main").refusal();

        assertThat(mill.picture().plan(null, "x", Mill.WIDE).refusal()).isInstanceOf(Refusal.Recovering.class);
    }

    @Test
    void aPlanForAHostThatNobodySpokeOfSaysSo() {
        assertThat(mill.picture().plan(null, "x", Mill.WIDE))
                .returns(18_789, LeasePlan::base)
                .satisfies(plan -> assertThat(plan.sentence()).contains("No node of this host has spoken yet"));
    }

    @Test
    void aHostIsShownWithWhatItLends() {
        mill.confirmed("main");
        mill.lapse(mill.confirmed("rescue"));

        assertThat(mill.picture().view(List.of("more"))).satisfies(view -> {
            assertThat(view.leases()).isEqualTo(1);
            assertThat(view.lent()).isEqualTo(111);
            assertThat(view.resting()).isEqualTo(111);
            assertThat(view.portSpace()).isEqualTo(Mill.SPACE);
            assertThat(view.ephemeral()).isEqualTo(new PortRange(32_768, 60_999));
            assertThat(view.warnings()).containsExactly("more");
        });
    }

    @Test
    void aPoolInsideTheEphemeralRangeIsWarnedOf() {
        mill.pool = PortSet.parse("32000-33000");
        mill.reserved = PortSet.parse("8080,32768-32800");
        mill.confirmed("main");

        assertThat(mill.picture().view(List.of()).warnings())
                .singleElement()
                .asString()
                .startsWith("Ports 32768-33000 of the pool lie in the kernel's ephemeral range 32768-60999");
        mill.allowEphemeral = true;
        assertThat(mill.picture().view(List.of()).warnings())
                .containsExactly(
                        "Outgoing connections can take ports 32801-33000 of the pool. Run: sysctl -w net.ipv4.ip_local_reserved_ports=8080,32768-33000");
        mill.reserved = PortSet.parse("8080,32768-33000");
        mill.ask("main").lease();
        assertThat(mill.picture().view(List.of()).warnings()).isEmpty();
    }

    @Test
    void kubeProxyIsWarnedOf() {
        mill.nodePorts = true;
        mill.confirmed("main");

        assertThat(mill.picture().view(List.of()).warnings())
                .singleElement()
                .asString()
                .contains("NodePorts", "30000-32767");
    }

    @Test
    void aChallengerIsWarnedOf() {
        mill.confirmed("main");
        mill.space = Mill.OTHER_SPACE;
        mill.ask("rescue").refusal();

        assertThat(mill.picture().view(List.of()).warnings())
                .singleElement()
                .asString()
                .contains("boot-2/net:4026531840", "another host id");
    }

    @ParameterizedTest
    @CsvSource({
        "openclaw-2026.7.1-dense, 18789, gateway",
        "openclaw-2026.7.1-dense, 18790, management",
        "openclaw-2026.7.1-dense, 18791, cdp or plugin 1",
        "openclaw-2026.7.1-wide,  18799, relay",
        "openclaw-2026.7.1-wide,  18900, plugin 1",
        "of-the-future-wide,      18789, ",
    })
    void aPortsRoleComesFromItsLayout(String layout, int port, @Nullable String role) {
        Lease lease = mill.confirmed("main");
        Lease other = new Lease(
                lease.holder(),
                lease.incarnation(),
                lease.base(),
                Footprint.contiguous(112),
                layout,
                lease.fence(),
                lease.state());

        assertThat(LeaseRoles.role(other, port)).isEqualTo(role);
    }
}
