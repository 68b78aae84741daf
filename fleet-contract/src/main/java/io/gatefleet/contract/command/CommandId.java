package io.gatefleet.contract.command;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.gatefleet.contract.BadInput;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The name of a command among those of its instance, chosen by whoever asks: the same name is the same command, however
 * often and wherever it is asked.
 *
 * @param value 8 to 64 of {@code A-Z a-z 0-9 - _}
 */
public record CommandId(@JsonValue String value) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{8,64}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public CommandId {
        if (!NAME.matcher(value).matches()) {
            throw new BadInput("id", value, "8 to 64 of A-Z, a-z, 0-9, - and _");
        }
    }

    /** A name that nobody else has. */
    public static CommandId random() {
        return new CommandId(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
