package io.gatefleet.contract.command;

import io.gatefleet.contract.bus.Broadcast;
import io.gatefleet.contract.bus.Exchange;

/** What registries tell each other about commands, and everybody about the requests that nodes keep open. */
public final class Commands {
    /** Whenever a command gets further. */
    public static final Broadcast<CommandNews> NEWS = new Broadcast<>("fleet.command.news.v1", CommandNews.class);

    /** What a node said. */
    public static final Broadcast<CommandAnswer> ANSWERED =
            new Broadcast<>("fleet.command.answered.v1", CommandAnswer.class);

    public static final Broadcast<OpenRequest> OPEN_REQUEST =
            new Broadcast<>("fleet.command.open-request.v1", OpenRequest.class);

    /** Hands a command to the registry where its node may have a request open; answered under that member's id. */
    public static Exchange<Command, HandedOver> hand(String member) {
        return new Exchange<>("fleet.command.hand.v1." + member, Command.class, HandedOver.class);
    }

    private Commands() {}
}
