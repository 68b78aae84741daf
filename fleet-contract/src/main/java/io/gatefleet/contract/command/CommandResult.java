package io.gatefleet.contract.command;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.gatefleet.contract.BadInput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of a command. Sentences are shortened to 500 characters. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "outcome")
@JsonSubTypes({
    @JsonSubTypes.Type(value = CommandResult.Done.class, name = "done"),
    @JsonSubTypes.Type(value = CommandResult.Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = CommandResult.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = CommandResult.NotDone.class, name = "not-done"),
    @JsonSubTypes.Type(value = CommandResult.Unknown.class, name = "unknown")
})
public sealed interface CommandResult {
    /** The word that it has on the wire. */
    @JsonIgnore
    String outcome();

    /** For a person: what was done, or why not. */
    String said();

    /**
     * It was done.
     *
     * @param log the end of the gateway's output, oldest line first, where that was asked for; at most 500 lines and
     *     131072 characters. Null elsewhere, and once it is too old to be kept
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Done(String said, @Nullable List<String> log) implements CommandResult {
        public static final int MOST_CHARACTERS = 128 * 1024;

        public Done {
            said = shortened(said);
            if (log != null) {
                int characters = log.stream().mapToInt(String::length).sum();
                if (log.size() > Order.LogTail.MOST_LINES || characters > MOST_CHARACTERS) {
                    throw new BadInput(
                            "log",
                            "%d lines of %d characters".formatted(log.size(), characters),
                            "at most %d lines and %d characters".formatted(Order.LogTail.MOST_LINES, MOST_CHARACTERS));
                }
                log = List.copyOf(log);
            }
        }

        @Override
        public String outcome() {
            return "done";
        }

        /** It may hold what a gateway printed, which has no place in a log of ours. */
        @Override
        public String toString() {
            return "Done[said=" + said + ", log=" + (log == null ? "none" : log.size() + " lines") + "]";
        }
    }

    /** The node would not: it is not in a state in which this can be done. Nothing was changed. */
    record Refused(String said) implements CommandResult {
        public Refused {
            said = shortened(said);
        }

        @Override
        public String outcome() {
            return "refused";
        }
    }

    /** The node began, and it did not work. */
    record Failed(String said) implements CommandResult {
        public Failed {
            said = shortened(said);
        }

        @Override
        public String outcome() {
            return "failed";
        }
    }

    /** The node was not reached in time; it did not begin, and will not. */
    record NotDone(String said) implements CommandResult {
        public NotDone {
            said = shortened(said);
        }

        @Override
        public String outcome() {
            return "not-done";
        }
    }

    /**
     * It was on its way to the node, and nobody can say whether it was done. Asked once more under the same id it is done
     * at most once, and a node that comes back says what came of it.
     */
    record Unknown(String said) implements CommandResult {
        public Unknown {
            said = shortened(said);
        }

        @Override
        public String outcome() {
            return "unknown";
        }
    }

    private static String shortened(String sentence) {
        return sentence.length() <= 500 ? sentence : sentence.substring(0, 500);
    }
}
