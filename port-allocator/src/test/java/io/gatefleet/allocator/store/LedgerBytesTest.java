package io.gatefleet.allocator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.allocator.lease.Holding;
import io.gatefleet.allocator.lease.HostLedger;
import io.gatefleet.allocator.lease.Recovery;
import io.gatefleet.allocator.lease.RejectHistory;
import io.gatefleet.allocator.lease.Rest;
import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.lease.Rejection;
import io.gatefleet.contract.lease.RestView;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortSet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LedgerBytesTest {
    private static final HostId MILL = new HostId("mill");
    private static final InstanceId MAIN = new InstanceId("main");
    private static final InstanceId RESCUE = new InstanceId("rescue");
    private static final BusyPort BUSY = new BusyPort(20_011, BusyPort.Protocol.TCP, 12, "python3");
    private static final byte[] NOTHING = {};

    private static final HostLedger LEDGER = new HostLedger(
            MILL,
            42,
            1_795_000_000L << 20,
            List.of(
                    holding(MAIN, 18_789, Footprint.contiguous(111), (1L << 53) - 1, LeaseState.CONFIRMED, 300),
                    holding(RESCUE, 18_900, Footprint.parse("0-3,7"), 7, LeaseState.REVOKED, 0)),
            List.of(new Rest(8, PortSet.parse("19000-19110,19200"), RestView.Reason.BUSY, MAIN, BUSY)),
            List.of(new RejectHistory(MAIN, new Incarnation(3), List.of(new Rejection(6, List.of(BUSY))))),
            new PortSpace("boot", 4_026_531_840L),
            MAIN,
            new PortSpace("other", 1),
            new Recovery(9, PortSet.of(30_000)),
            PortSet.parse("31000-31110"),
            HostFacts.bare(new PortSpace("boot", 4_026_531_840L)));

    @Test
    void aLedgerMeansTheSameAfterTheJourney() {
        assertThat(journey(LEDGER)).isEqualTo(LEDGER);
        assertThat(journey(HostLedger.empty(MILL))).isEqualTo(HostLedger.empty(MILL));
    }

    @Test
    void theBytesAreThoseThatMembersOfThisFormKeep() throws IOException {
        String bytes = HexFormat.of().formatHex(LedgerBytes.leases(LEDGER)) + "\n"
                + HexFormat.of().formatHex(LedgerBytes.others(LEDGER)) + "\n"
                + HexFormat.of().formatHex(LedgerBytes.facts(LEDGER)) + "\n";
        try (InputStream golden = Objects.requireNonNull(getClass().getResourceAsStream("/golden/ledger-form-2.txt"))) {
            assertThat(bytes).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.US_ASCII));
        }
    }

    @Test
    void whatANewerMemberAddsIsSkipped() {
        FieldWriter newer = new FieldWriter(8);
        newer.text(99, "mood");
        newer.text(1, "mill");
        newer.text(4, "0-110");
        newer.text(5, "openclaw-wide");
        newer.begin(6);
        newer.plainText("main");
        for (long number : new long[] {1, 18_789, 0, 0, 7}) {
            newer.plainNumber(number);
        }
        newer.plainText("confirmed");
        newer.plainNumber(5);
        newer.plainText("what leases have next year");
        newer.end();
        newer.number(98, 1L << 60);
        newer.number(2, 11);

        HostLedger read = LedgerBytes.read(newer.bytes(), NOTHING, NOTHING);

        assertThat(read.revision()).isEqualTo(11);
        assertThat(read.holdings())
                .containsExactly(holding(
                        MAIN, 18_789, Footprint.contiguous(111), 7, LeaseState.CONFIRMED, 5, "openclaw-wide", 1));
    }

    @Test
    void halfALedgerIsNone() {
        byte[] whole = LedgerBytes.leases(LEDGER);

        assertThatThrownBy(() -> LedgerBytes.read(Arrays.copyOf(whole, whole.length - 1), NOTHING, NOTHING))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("field 6");
        assertThatThrownBy(() -> LedgerBytes.read(NOTHING, NOTHING, NOTHING)).hasMessageContaining("no host");
    }

    @Test
    void aLeaseTakesFewBytes() {
        HostLedger full = new HostLedger(
                MILL,
                1,
                1,
                IntStream.range(0, 125)
                        .mapToObj(i -> holding(
                                new InstanceId("gateway-%03d".formatted(i)),
                                18_789 + 111 * i,
                                Footprint.contiguous(111),
                                (1_795_000_000L << 20) + i,
                                LeaseState.CONFIRMED,
                                100_000))
                        .toList(),
                List.of(),
                List.of(),
                null,
                null,
                null,
                null,
                PortSet.EMPTY,
                null);

        assertThat(LedgerBytes.leases(full).length / 125).isLessThan(55);
        assertThat(journey(full)).isEqualTo(full);
    }

    private static HostLedger journey(HostLedger ledger) {
        return LedgerBytes.read(LedgerBytes.leases(ledger), LedgerBytes.others(ledger), LedgerBytes.facts(ledger));
    }

    private static Holding holding(
            InstanceId instance, int base, Footprint footprint, long fence, LeaseState state, long beats) {
        return holding(instance, base, footprint, fence, state, beats, "openclaw-2026.7.1-wide", 1_795_000_000_000L);
    }

    private static Holding holding(
            InstanceId instance,
            int base,
            Footprint footprint,
            long fence,
            LeaseState state,
            long beats,
            String layout,
            long incarnation) {
        return new Holding(
                new Lease(
                        new InstanceKey(MILL, instance),
                        new Incarnation(incarnation),
                        base,
                        footprint,
                        layout,
                        fence,
                        state),
                beats);
    }
}
