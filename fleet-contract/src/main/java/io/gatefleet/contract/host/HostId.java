package io.gatefleet.contract.host;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.gatefleet.contract.BadInput;
import java.util.regex.Pattern;

/**
 * One TCP port space: a machine, or a network namespace.
 *
 * @param value an RFC 1123 name in lower case, 1 to 253 characters
 */
public record HostId(@JsonValue String value) implements Comparable<HostId> {
    private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern NAME = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public HostId {
        if (value.length() > 253 || !NAME.matcher(value).matches()) {
            throw new BadInput("host", value, "a lower-case RFC 1123 name of 1 to 253 characters");
        }
    }

    @Override
    public int compareTo(HostId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
