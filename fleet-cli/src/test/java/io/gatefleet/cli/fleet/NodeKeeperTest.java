package io.gatefleet.cli.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.node.NodeExit;
import io.gatefleet.node.gateway.InstanceHome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With real processes that stand for nodes, and time that moves by assignment. */
class NodeKeeperTest {
    private static final InstanceId MAIN = new InstanceId("main");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    private final BlockingQueue<Happening> mailbox = new LinkedBlockingQueue<>();
    private final List<Process> started = new ArrayList<>();
    private String command = "exec sleep 60";

    @SuppressWarnings("NullAway.Init")
    private NodeKeeper keeper;

    @BeforeEach
    void keep() {
        keeper = new NodeKeeper(MAIN, InstanceHome.of(home, MAIN), this::launch, mailbox::add);
    }

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void aNodeThatEndsIsReportedOnceAndDueAgainAfterItsPause() throws Exception {
        command = "exit 1";
        assertThat(keeper.start(0)).isEqualTo(NodeKeeper.Start.STARTED);

        Happening.NodeEnded ended = ended();

        assertThat(ended.pid()).isEqualTo(keeper.pid());
        assertThat(ended.exitCode()).hasValue(1);
        assertThat(keeper.ended(ended.exitCode(), seconds(2))).isEqualTo(Duration.ofSeconds(1));
        assertThat(keeper.isDue(seconds(3) - 1)).isFalse();
        assertThat(keeper.isDue(seconds(3))).isTrue();
        assertThat(keeper.gaveUp()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {NodeExit.USAGE, NodeExit.SUPERSEDED, NodeExit.REVOKED})
    void anEndThatAnotherStartWouldNotMendIsFinal(int exitCode) throws IOException {
        keeper.start(0);

        assertThat(keeper.ended(OptionalInt.of(exitCode), seconds(2))).isNull();

        assertThat(keeper.gaveUp()).isTrue();
        assertThat(keeper.isDue(seconds(1_000))).isFalse();
    }

    @Test
    void whereAnotherNodeWasQuickerItIsLookedForAtOnce() throws IOException {
        keeper.start(0);

        assertThat(keeper.ended(OptionalInt.of(NodeExit.ALREADY_RUNNING), seconds(2)))
                .isZero();
        assertThat(keeper.isDue(seconds(2))).isTrue();
    }

    @Test
    void aNodeIsToldToEndOnlyOnceItCanHear() throws Exception {
        keeper.start(0);

        keeper.dismiss();
        keeper.tellToEnd(seconds(9));
        assertThat(mailbox.poll(200, TimeUnit.MILLISECONDS)).isNull();
        keeper.heard(Words.word("main", 18789, Words.gateway(GatewayState.RUNNING, 1, true)));
        keeper.tellToEnd(seconds(9));

        assertThat(ended().exitCode()).hasValue(128 + 15);
    }

    @Test
    void aNodeThatNeverSpeaksIsToldToEndAllTheSame() throws Exception {
        keeper.start(0);
        keeper.dismiss();

        keeper.tellToEnd(seconds(10));

        assertThat(ended().exitCode()).hasValue(128 + 15);
    }

    @Test
    void aNodeThatWaitsForItsNextStartIsSaidToWait() throws IOException {
        keeper.start(0);
        assertThat(keeper.dismiss()).isFalse();
        keeper.ended(OptionalInt.of(NodeExit.DRAINED), seconds(5));
        assertThat(keeper.gaveUp()).isTrue();

        NodeKeeper crashed = new NodeKeeper(MAIN, InstanceHome.of(home, MAIN), this::launch, mailbox::add);
        crashed.start(0);
        crashed.ended(OptionalInt.of(137), seconds(1));
        assertThat(crashed.dismiss()).isTrue();
    }

    @Test
    void aNodeThatCannotBeStartedIsTriedAgainUnlessItIsNotWanted() {
        assertThat(keeper.failed(seconds(1))).isEqualTo(Duration.ofSeconds(1));
        assertThat(keeper.isDue(seconds(2))).isTrue();

        keeper.dismiss();
        keeper.failed(seconds(3));
        assertThat(keeper.gaveUp()).isTrue();
    }

    private Process launch(InstanceId instance) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", command).start();
        started.add(process);
        return process;
    }

    private Happening.NodeEnded ended() throws InterruptedException {
        Happening happening = mailbox.poll(10, TimeUnit.SECONDS);
        assertThat(happening).isInstanceOf(Happening.NodeEnded.class);
        return (Happening.NodeEnded) Objects.requireNonNull(happening);
    }

    private static long seconds(long count) {
        return TimeUnit.SECONDS.toNanos(count);
    }
}
