package io.gatefleet.node.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.node.gateway.Answer.Hello;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every gateway of the family says on its WebSocket; the same for real programs and for simulated ones. */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SocketContract {
    private final Vertx vertx = Vertx.vertx();

    private InstanceUnderTest instance;
    private Gateway gateway;
    private Token token;

    abstract InstanceUnderTest instance(Path in);

    /** Whether it has a name for each of its lives, and says its version. */
    abstract boolean namesItsLives();

    @BeforeAll
    void start(@TempDir Path fleet) throws Exception {
        instance = instance(fleet);
        long began = System.nanoTime();
        gateway = instance.started();
        System.out.printf(
                "%s %s ready after %d ms%n",
                instance.config.flavor(), instance.program.version(), (System.nanoTime() - began) / 1_000_000);
        token = Token.find(instance.home.token()).orElseThrow();
    }

    @AfterAll
    void leaveNothing() throws Exception {
        // Also where it never became ready: it ends whatever carries the instance's traces.
        instance.close();
        vertx.close().await(10, SECONDS);
    }

    @Test
    void itIsReadyByItsOwnToken() throws Exception {
        InstanceUnderTest.awaitReady(gateway);
        Answer answer = ask(token);

        assertThat(answer.trouble()).isNull();
        assertThat(answer.ready()).isTrue();
        assertThat(answer.identity().hello()).isEqualTo(Hello.ACCEPTED);
        assertThat(answer.identity().version()).isEqualTo(namesItsLives() ? instance.program.version() : null);
        assertThat(answer.tookMillis()).isLessThan(5_000);
    }

    @Test
    void anotherTokenIsRefusedInWords(@TempDir Path other) throws Exception {
        Token wrong = Token.keep(other.resolve("token"));

        Answer answer = ask(wrong);

        assertThat(answer.live()).isFalse();
        assertThat(answer.identity().hello()).isEqualTo(Hello.REFUSED);
        assertThat(answer.trouble())
                .startsWith("another gateway, or another token: it refused this instance's token (close 1008, ")
                .doesNotContain(wrong.reveal());
    }

    @Test
    void itsNameStaysWhileItLives() throws Exception {
        InstanceUnderTest.awaitReady(gateway);
        String first = ask(token).identity().bootId();

        assertThat(first != null).isEqualTo(namesItsLives());
        assertThat(ask(token).identity().bootId()).isEqualTo(first);
        if (namesItsLives()) {
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(gateway.report().bootId()).isEqualTo(first));
        }
    }

    @Test
    void theNodeSaysTheProgramsVersion() {
        assertThat(gateway.report().version()).isEqualTo(instance.program.version());
        assertThat(gateway.report().findings()).isEmpty();
    }

    @Test
    void anotherLifeHasAnotherName() throws Exception {
        InstanceUnderTest.awaitReady(gateway);
        String before = ask(token).identity().bootId();
        ProcessId first = ProcessId.of(InstanceUnderTest.pid(gateway)).orElseThrow();

        first.kill();
        await().atMost(Duration.ofSeconds(10)).until(() -> gateway.report().state() == GatewayState.BACKOFF);
        InstanceUnderTest.awaitReady(gateway);

        String after = ask(token).identity().bootId();
        assertThat(after != null).isEqualTo(namesItsLives());
        assertThat(!Objects.equals(before, after)).isEqualTo(namesItsLives());
        assertThat(gateway.report().restartsInProcess())
                .as("a crash is no restart in the process")
                .isEqualTo(namesItsLives() ? 0 : null);
    }

    private Answer ask(Token by) throws Exception {
        return new WebSocketProber(vertx, () -> Optional.of(by), Duration.ofSeconds(10))
                .ask(instance.base(), true)
                .await(20, SECONDS);
    }
}
