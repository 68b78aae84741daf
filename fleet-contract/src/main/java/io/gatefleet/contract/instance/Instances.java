package io.gatefleet.contract.instance;

import io.gatefleet.contract.bus.Broadcast;
import io.gatefleet.contract.bus.Exchange;

/** What nodes say to the registry, and what the registry tells everybody about instances. */
public final class Instances {
    /** Every registration and every heartbeat that was taken. */
    public static final Broadcast<Beat> BEAT = new Broadcast<>("fleet.instance.beat.v1", Beat.class);

    public static final Broadcast<Departure> DEPARTED = new Broadcast<>("fleet.instance.departed.v1", Departure.class);

    /** Every registration: from one registry to the others. */
    public static final Broadcast<Remembered> REMEMBERED =
            new Broadcast<>("fleet.instance.remembered.v1", Remembered.class);

    /** To join. Idempotent by (instance, incarnation, rejected fence). */
    public static final Exchange<RegisterCall, InstanceReply> REGISTER =
            new Exchange<>("fleet.instance.register.v1", RegisterCall.class, InstanceReply.class);

    /** To stay. */
    public static final Exchange<HeartbeatCall, InstanceReply> HEARTBEAT =
            new Exchange<>("fleet.instance.heartbeat.v1", HeartbeatCall.class, InstanceReply.class);

    /** To leave. Saying it twice is saying it once. */
    public static final Exchange<DeregisterCall, InstanceReply> DEREGISTER =
            new Exchange<>("fleet.instance.deregister.v1", DeregisterCall.class, InstanceReply.class);

    /** What one registry remembers: for members that have just started. Each registry answers under its own member's id. */
    public static Exchange<BookQuestion, BookPage> book(String member) {
        return new Exchange<>("fleet.instance.book.v1." + member, BookQuestion.class, BookPage.class);
    }

    private Instances() {}
}
