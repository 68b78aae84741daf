package io.gatefleet.contract.command;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.instance.InstanceKey;
import org.jspecify.annotations.Nullable;

/**
 * An order on its way to a node. It may arrive twice: a node does what has one id once, and tells what came of it again.
 *
 * @param askedBy who wants it
 * @param reason why; null: not said
 * @param deadlineMillis so long it may still be begun, 0 to 1 h. 0: only say whether it was
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Command(
        CommandId id,
        InstanceKey instance,
        Order order,
        String askedBy,
        @Nullable String reason,
        long deadlineMillis) {
    public Command {
        WantedCommand.checkSaid(askedBy, reason);
        if (deadlineMillis < 0 || deadlineMillis > WantedCommand.LONGEST_DEADLINE_MILLIS) {
            throw new BadInput("deadlineMillis", deadlineMillis, "0 to " + WantedCommand.LONGEST_DEADLINE_MILLIS);
        }
    }

    /** The same with less time. */
    public Command within(long millis) {
        return new Command(id, instance, order, askedBy, reason, millis);
    }
}
