package io.gatefleet.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.port.Layouts;
import io.gatefleet.contract.port.PortLayout;
import io.gatefleet.node.gateway.InstanceHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeTruthTest {
    private static final PortLayout LAYOUT =
            Layouts.known().of(Flavor.SIMULATED, null).wide(Set.of());
    private static final Lease LEASE = new Lease(
            new InstanceKey(new HostId("mill"), new InstanceId("main")),
            new Incarnation(41),
            18789,
            LAYOUT.footprint(),
            LAYOUT.name(),
            7,
            LeaseState.CONFIRMED);

    @TempDir
    private Path directory = Path.of("");

    private InstanceHome home = new InstanceHome(directory);

    @BeforeEach
    void create() throws IOException {
        home = InstanceHome.of(directory, new InstanceId("main"));
        home.create();
    }

    @Test
    void whatWasWrittenIsReadAgain() throws IOException {
        NodeTruth truth = NodeTruth.next(Optional.empty(), 42).with(LEASE, LAYOUT);
        truth.write(home);

        assertThat(NodeTruth.read(home)).contains(truth);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.nodeFile())))
                .isEqualTo("rw-------");
        try (var files = Files.list(home.root())) {
            assertThat(files.map(file -> file.getFileName().toString())).doesNotContain("node.json.new");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "the clock decides at first,                        0, 1000, 1000",
        "a clock that was set back does not,             2000, 1000, 2001",
        "a clock that stands still does not,             1000, 1000, 1001",
        "a clock that went on decides again,             1000, 5000, 5000"
    })
    void everyLifeHasALargerNumber(String why, long before, long clock, long expected) {
        Optional<NodeTruth> last = before == 0
                ? Optional.empty()
                : Optional.of(new NodeTruth(new Incarnation(before), NodeTruth.Desired.STOPPED, LEASE, LAYOUT));

        NodeTruth next = NodeTruth.next(last, clock);

        assertThat(next.incarnation().number()).isEqualTo(expected);
        assertThat(next.desired()).isEqualTo(NodeTruth.Desired.RUNNING);
        assertThat(next.lease()).isEqualTo(before == 0 ? null : LEASE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "null", "[]", "{\"incarnation\":0,\"desired\":\"running\"}", "\u0000\u0000"})
    void aBrokenFileIsPutAsideAndDoesNotStopTheNode(String content) throws IOException {
        Files.writeString(home.nodeFile(), content);

        assertThat(NodeTruth.read(home)).isEmpty();
        assertThat(home.root().resolve("node.json.unreadable")).hasContent(content);
        assertThat(home.nodeFile()).doesNotExist();
    }

    @Test
    void aLeftoverOfAnInterruptedWriteIsNoHindrance() throws IOException {
        Files.writeString(home.root().resolve("node.json.new"), "{\"incarnation\"");

        NodeTruth truth = NodeTruth.next(Optional.empty(), 42);
        truth.write(home);

        assertThat(NodeTruth.read(home)).contains(truth);
    }
}
