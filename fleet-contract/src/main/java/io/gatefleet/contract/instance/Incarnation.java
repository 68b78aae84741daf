package io.gatefleet.contract.instance;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.gatefleet.contract.BadInput;

/**
 * One life of an instance: new at every node start, larger than every one before it. A node takes the larger of its last
 * one + 1 and the epoch's milliseconds, so the order survives both a lost disk and a clock that was set back.
 *
 * @param number 1 to 2^53 - 1, so that every JSON reader keeps it exact
 */
public record Incarnation(@JsonValue long number) implements Comparable<Incarnation> {
    private static final long HIGHEST = (1L << 53) - 1;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Incarnation {
        if (number < 1 || number > HIGHEST) {
            throw new BadInput("incarnation", number, "1 to 2^53 - 1");
        }
    }

    @Override
    public int compareTo(Incarnation other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return Long.toString(number);
    }
}
