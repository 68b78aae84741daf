package io.gatefleet.contract.instance;

import io.gatefleet.contract.bus.Broadcast;
import io.gatefleet.contract.bus.Exchange;

/** What nodes say to the registry, and what the registry tells everybody about instances. */
public final class Instances {
    /** Every registration, every heartbeat that was taken, every goodbye: to the other registries and the aggregators. */
    public static final Broadcast<Announcement> ANNOUNCED =
            new Broadcast<>("fleet.instance.announced.v1", Announcement.class);

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
