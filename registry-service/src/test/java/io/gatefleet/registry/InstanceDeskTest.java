package io.gatefleet.registry;

import static io.gatefleet.registry.RegistryUnderTest.await;
import static io.gatefleet.registry.Words.MAIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.instance.DeregisterCall;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceReply;
import io.gatefleet.contract.instance.Remembered;
import io.gatefleet.contract.watch.ChangeLog;
import io.gatefleet.registry.instance.InstanceBook;
import io.gatefleet.runtime.cluster.Membership;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InstanceDeskTest {
    private static final long TERM_MILLIS = 30_000;

    private final RegistryUnderTest registry = new RegistryUnderTest(RegistryConfig.defaults());
    private final InstanceBook book =
            new InstanceBook(Duration.ofMinutes(1), Duration.ofHours(1), new ChangeLog<>("a", 10));
    private final InstanceDesk desk = new InstanceDesk(
            book,
            new LedgerClient(registry.vertx, Membership.ALONE, Duration.ofSeconds(5), Duration.ofSeconds(1)),
            RegistryConfig.defaults().pacing(),
            new News(registry.vertx),
            System::nanoTime,
            new RegistryMeters(registry.meters));

    @BeforeEach
    void start() throws TimeoutException {
        await(registry.allocator.start(registry.vertx));
        book.learn(joined(7), System.nanoTime());
    }

    @AfterEach
    void close() throws TimeoutException {
        registry.close();
    }

    /** As another registry tells it. */
    private static Remembered joined(long incarnation) {
        return new Remembered(
                MAIN,
                Words.join(incarnation).withoutFacts(),
                Words.lease(MAIN, incarnation, incarnation),
                TERM_MILLIS,
                -1,
                false,
                GatewayReport.none(GatewayState.STARTING),
                0);
    }

    private InstanceReply leave(long incarnation, Runnable meanwhile) throws TimeoutException {
        return await(Future.future(promise -> registry.vertx.runOnContext(now -> {
            desk.deregister(new DeregisterCall(MAIN, new Incarnation(incarnation), true))
                    .onComplete(promise);
            meanwhile.run();
        })));
    }

    @Test
    void aGoodbyeThatOvertakesTheNewsOfItsOwnJoiningIsTaken() throws TimeoutException {
        InstanceReply reply = leave(8, () -> book.learn(joined(8), System.nanoTime()));

        assertThat(reply).isInstanceOf(InstanceReply.Departed.class);
        assertThat(book.departed(MAIN)).isTrue();
    }

    @Test
    void theGoodbyeOfALifeThatNeverJoinedChangesNothing() throws TimeoutException {
        InstanceReply reply = leave(8, () -> {});

        assertThat(reply).isEqualTo(new InstanceReply.OtherIncarnation(MAIN, new Incarnation(8), new Incarnation(7)));
        assertThat(book.departed(MAIN)).isFalse();
    }
}
