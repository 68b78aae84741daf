package io.gatefleet.contract.command;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.instance.InstanceKey;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an operator writes to have something done.
 *
 * @param askedBy who wants it, for people and for the audit log: 1 to 80 characters, no control characters
 * @param reason why, at most 200 characters; null: not said
 * @param deadlineMillis a node begins within that long or not at all, 1 s to 1 h; null: 30 s
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WantedCommand(
        Order order,
        String askedBy,
        @Nullable String reason,
        @Nullable Long deadlineMillis) {
    public static final long DEFAULT_DEADLINE_MILLIS = 30_000;
    static final long LONGEST_DEADLINE_MILLIS = 3_600_000;
    static final int LONGEST_NAME = 80;
    static final int LONGEST_REASON = 200;

    private static final long SHORTEST_DEADLINE_MILLIS = 1_000;
    private static final Pattern CONTROL = Pattern.compile(".*\\p{Cntrl}.*", Pattern.DOTALL);

    public WantedCommand {
        checkSaid(askedBy, reason);
        if (deadlineMillis != null
                && (deadlineMillis < SHORTEST_DEADLINE_MILLIS || deadlineMillis > LONGEST_DEADLINE_MILLIS)) {
            throw new BadInput(
                    "deadlineMillis", deadlineMillis, SHORTEST_DEADLINE_MILLIS + " to " + LONGEST_DEADLINE_MILLIS);
        }
    }

    /** The command that this is, for one instance. */
    public Command of(CommandId id, InstanceKey instance) {
        return new Command(
                id,
                instance,
                order,
                askedBy,
                reason,
                deadlineMillis == null ? DEFAULT_DEADLINE_MILLIS : deadlineMillis);
    }

    static void checkSaid(String askedBy, @Nullable String reason) {
        if (askedBy.isBlank()
                || askedBy.length() > LONGEST_NAME
                || CONTROL.matcher(askedBy).matches()) {
            throw new BadInput("askedBy", askedBy, "1 to " + LONGEST_NAME + " characters, no control characters");
        }
        if (reason != null
                && (reason.length() > LONGEST_REASON || CONTROL.matcher(reason).matches())) {
            throw new BadInput("reason", reason, "at most " + LONGEST_REASON + " characters, no control characters");
        }
    }
}
