package io.gatefleet.node.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.host.Listener.Reading;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NeighbourCheckTest {
    private static final PortSet LEASE = PortSet.parse("20000-20110");

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    a gateway right below reaches all but the last port | 19999 | GATEWAY_LIKE | false | 20000-20109
                    one 110 below reaches the first port                | 19890 | GATEWAY_LIKE | false | 20000
                    one 111 below reaches nothing                       | 19889 | GATEWAY_LIKE | false | -
                    one inside reaches from its own port up             | 20050 | GATEWAY_LIKE | false | 20050-20110
                    one on the first port reaches everything            | 20000 | GATEWAY_LIKE | false | 20000-20110
                    one on the last port has that port                  | 20110 | GATEWAY_LIKE | false | 20110
                    one above reaches upwards only                      | 20111 | GATEWAY_LIKE | false | -
                    one that a node answers for is no stranger          | 19950 | GATEWAY_LIKE | true  | -
                    inside the lease the guard is our own               | 20050 | GATEWAY_LIKE | true  | 20050-20110
                    a nameless one may be a gateway                     | 19950 | UNKNOWN      | false | 20000-20060
                    a plain program has its own port, which probes see  | 20050 | PLAIN        | false | -
                    a plain program below has nothing here              | 19950 | PLAIN        | false | -
                    """)
    void aNeighboursFootprintIsForeign(String why, int port, Reading reading, boolean guarded, String foreign) {
        List<BusyPort> busy = NeighbourCheck.foreign(LEASE, facts(listener(port, reading, guarded)));

        assertThat(ports(busy)).isEqualTo(foreign == null ? PortSet.EMPTY : PortSet.parse(foreign));
        assertThat(busy).allSatisfy(one -> {
            assertThat(one.protocol()).isEqualTo(BusyPort.Protocol.NEIGHBOUR);
            assertThat(one.pid()).isEqualTo(port);
            assertThat(one.command()).isEqualTo("node");
        });
    }

    @Test
    void everyPortIsNamedOnceAfterTheNearestNeighbour() {
        List<BusyPort> busy = NeighbourCheck.foreign(
                LEASE,
                facts(
                        listener(19_995, Reading.UNKNOWN, false),
                        listener(20_100, Reading.GATEWAY_LIKE, false),
                        listener(19_990, Reading.GATEWAY_LIKE, false)));

        assertThat(ports(busy)).isEqualTo(LEASE);
        assertThat(busy).hasSize(111).isSortedAccordingTo((one, other) -> Integer.compare(one.port(), other.port()));
        assertThat(busy.get(0).pid()).isEqualTo(19_995);
        assertThat(busy.get(99).pid()).isEqualTo(19_995);
        assertThat(busy.get(100).pid()).isEqualTo(20_100);
    }

    @Test
    void onlyThePortsOfASparseLeaseAreNamed() {
        PortSet sparse = PortSet.parse("20000-20003,20050");
        assertThat(ports(NeighbourCheck.foreign(sparse, facts(listener(19_893, Reading.UNKNOWN, false)))))
                .isEqualTo(PortSet.parse("20000-20003"));
    }

    @Test
    void anOperatorsWordForASinglePortCounts() {
        HostFacts facts = facts(listener(19_950, Reading.GATEWAY_LIKE, false));
        assertThat(NeighbourCheck.foreign(LEASE, facts, PortSet.of(19_950))).isEmpty();
        assertThat(NeighbourCheck.foreign(LEASE, facts, PortSet.of(19_951))).isNotEmpty();
    }

    @Test
    void theEndsOfThePortSpaceAreNoTrouble() {
        PortSet top = PortSet.of(new PortRange(65_425, 65_535));
        assertThat(ports(NeighbourCheck.foreign(top, facts(listener(65_500, Reading.UNKNOWN, false)))))
                .isEqualTo(PortSet.parse("65500-65535"));
        assertThat(NeighbourCheck.foreign(PortSet.of(1), facts(listener(1024, Reading.UNKNOWN, false))))
                .isEmpty();
    }

    private static Listener listener(int port, Reading reading, boolean guarded) {
        return new Listener(port, "127.0.0.1", port, "node", guarded, reading);
    }

    private static HostFacts facts(Listener... listeners) {
        return new HostFacts(
                new PortSpace("boot", 1),
                Arrays.asList(listeners),
                PortSet.EMPTY,
                new PortRange(32_768, 60_999),
                PortSet.EMPTY,
                false);
    }

    private static PortSet ports(List<BusyPort> busy) {
        BitSet bits = new BitSet();
        busy.forEach(one -> bits.set(one.port()));
        return PortSet.of(bits);
    }
}
