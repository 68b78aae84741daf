package io.gatefleet.contract.instance;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.gatefleet.contract.BadInput;
import java.util.regex.Pattern;

/**
 * The slot that a gateway fills, for example {@code main} or {@code rescue}. It keeps its name for ever.
 *
 * @param value 1 to 40 of {@code a-z 0-9 -}, a hyphen neither first nor last
 * @see <a href="https://docs.openclaw.ai/cli/fleet">the tenant ids of OpenClaw's fleet command, which have the same form</a>
 */
public record InstanceId(@JsonValue String value) implements Comparable<InstanceId> {
    private static final Pattern NAME = Pattern.compile("^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public InstanceId {
        if (!NAME.matcher(value).matches()) {
            throw new BadInput("instance", value, "1 to 40 of a-z, 0-9 and -, a hyphen neither first nor last");
        }
    }

    @Override
    public int compareTo(InstanceId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
