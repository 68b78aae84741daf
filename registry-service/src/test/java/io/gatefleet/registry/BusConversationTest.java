package io.gatefleet.registry;

import static io.gatefleet.registry.RegistryUnderTest.await;
import static io.gatefleet.registry.Words.MAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.bus.Exchange;
import io.gatefleet.contract.instance.DeregisterCall;
import io.gatefleet.contract.instance.HeartbeatCall;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceReply;
import io.gatefleet.contract.instance.Instances;
import io.gatefleet.contract.instance.RegisterCall;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.lease.Refusal;
import io.vertx.core.eventbus.ReplyException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same conversation as over HTTP. */
class BusConversationTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final RegistryUnderTest registry = new RegistryUnderTest(RegistryConfig.defaults());

    @BeforeEach
    void start() throws TimeoutException {
        registry.start();
    }

    @AfterEach
    void close() throws TimeoutException {
        registry.close();
    }

    @Test
    void oneWordToJoinOneToStayOneToLeave() throws TimeoutException {
        InstanceReply joined = ask(Instances.REGISTER, new RegisterCall(MAIN, Words.join(7)));
        assertThat(joined).isInstanceOfSatisfying(InstanceReply.Registered.class, reply -> assertThat(reply.fresh())
                .isTrue());
        Lease lease = ((InstanceReply.Registered) joined).registration().lease();

        assertThat(ask(Instances.HEARTBEAT, new HeartbeatCall(MAIN, Words.beat(lease, 1))))
                .isInstanceOfSatisfying(
                        InstanceReply.Heard.class,
                        heard -> assertThat(heard.reply().lease().state()).isEqualTo(LeaseState.CONFIRMED));
        assertThat(ask(Instances.DEREGISTER, new DeregisterCall(MAIN, new Incarnation(6), true)))
                .isEqualTo(new InstanceReply.OtherIncarnation(MAIN, new Incarnation(6), new Incarnation(7)));
        assertThat(ask(Instances.DEREGISTER, new DeregisterCall(MAIN, new Incarnation(7), true)))
                .isEqualTo(new InstanceReply.Departed(true));
        assertThat(ask(Instances.DEREGISTER, new DeregisterCall(MAIN, new Incarnation(7), true)))
                .isEqualTo(new InstanceReply.Departed(false));
    }

    @Test
    void aRefusalIsAnAnswer() throws TimeoutException {
        Lease unknown = Words.lease(MAIN, 7, 1);

        assertThat(ask(Instances.HEARTBEAT, new HeartbeatCall(MAIN, Words.beat(unknown, 1))))
                .isEqualTo(new InstanceReply.Refused(new Refusal.UnknownInstance(MAIN)));
    }

    @Test
    void aWordThatCannotBeUsedIsNoAnswer() {
        Lease other = Words.lease(Words.RESCUE, 7, 1);

        assertThatThrownBy(() -> ask(Instances.HEARTBEAT, new HeartbeatCall(MAIN, Words.beat(other, 1))))
                .isInstanceOfSatisfying(ReplyException.class, failure -> {
                    assertThat(failure.failureCode()).isEqualTo(Exchange.BAD_QUESTION);
                    assertThat(failure).hasMessageContaining("lease.holder");
                });
    }

    private <Q> InstanceReply ask(Exchange<Q, InstanceReply> exchange, Q question) throws TimeoutException {
        return await(exchange.ask(registry.vertx.eventBus(), question, TIMEOUT));
    }
}
