package io.gatefleet.health.life;

import io.gatefleet.contract.bus.Exchange;
import io.gatefleet.contract.instance.DeregisterCall;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.HeartbeatCall;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.InstanceReply;
import io.gatefleet.contract.instance.Instances;
import io.gatefleet.contract.instance.RegisterCall;
import io.gatefleet.contract.instance.RegisterInstance;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.ReplyException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Over the event bus, local or of a cluster. */
final class BusSpeaker implements Speaker {
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final EventBus bus;

    BusSpeaker(EventBus bus) {
        this.bus = bus;
    }

    @Override
    public Said register(InstanceKey key, RegisterInstance word) {
        return said(Instances.REGISTER.ask(bus, new RegisterCall(key, word), ANSWER));
    }

    @Override
    public Said heartbeat(InstanceKey key, Heartbeat word) {
        return said(Instances.HEARTBEAT.ask(bus, new HeartbeatCall(key, word), ANSWER));
    }

    @Override
    public Said deregister(InstanceKey key, Incarnation incarnation, boolean portsClosed) {
        return said(Instances.DEREGISTER.ask(bus, new DeregisterCall(key, incarnation, portsClosed), ANSWER));
    }

    @Override
    public Said registerWith(InstanceKey key, String text) {
        return said(bus.<Buffer>request(Instances.REGISTER.address(), Buffer.buffer(text))
                .map(any -> new InstanceReply.Departed(false)));
    }

    @Override
    public void registerAndGoAway(InstanceKey key, RegisterInstance word) {
        // Nobody waits at the address that the answer is for.
        Instances.REGISTER
                .ask(bus, new RegisterCall(key, word), Duration.ofMillis(1))
                .otherwiseEmpty();
    }

    private static Said said(Future<? extends InstanceReply> asked) {
        InstanceReply reply;
        try {
            reply = asked.await(20, TimeUnit.SECONDS);
        } catch (ReplyException failed) {
            if (failed.failureCode() == Exchange.BAD_QUESTION) {
                return new Said("bad-input", null, String.valueOf(failed.getMessage()));
            }
            throw failed;
        } catch (TimeoutException late) {
            throw new IllegalStateException(late);
        }
        if (reply instanceof InstanceReply.Registered registered) {
            return new Said("registered", registered.registration().lease(), "");
        } else if (reply instanceof InstanceReply.Heard heard) {
            return new Said("heard", heard.reply().lease(), "");
        } else if (reply instanceof InstanceReply.Departed) {
            return new Said("departed", null, "");
        } else if (reply instanceof InstanceReply.OtherIncarnation other) {
            return new Said("other-incarnation", null, other.toString());
        } else if (reply instanceof InstanceReply.Refused refused) {
            return new Said(
                    refused.refusal().kind().toString(), null, refused.refusal().detail());
        }
        throw new IllegalStateException("an answer of no known kind: " + reply);
    }
}
