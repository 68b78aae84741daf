package io.gatefleet.contract.port;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.gatefleet.contract.BadInput;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ports in a row. Written {@code 18789-18899}, or {@code 18789} for one.
 *
 * @param first 1 to 65535
 * @param last {@code first} to 65535
 * @throws BadInput if a bound is out of range
 */
public record PortRange(int first, int last) implements Comparable<PortRange> {
    public static final int HIGHEST_PORT = 65_535;

    private static final Pattern WRITTEN = Pattern.compile("\\s*(\\d{1,5})(?:-(\\d{1,5}))?\\s*");

    public PortRange {
        if (first < 1 || last < first || last > HIGHEST_PORT) {
            throw new BadInput("portRange", first + "-" + last, "FIRST-LAST with 1 <= FIRST <= LAST <= 65535");
        }
    }

    /** {@code width} ports from {@code first} up. */
    public static PortRange of(int first, int width) {
        return new PortRange(first, first + width - 1);
    }

    /** @throws BadInput unless the text is {@code FIRST-LAST} or {@code PORT} */
    @JsonCreator
    public static PortRange parse(String text) {
        return read(text)
                .orElseThrow(() -> new BadInput("portRange", text, "FIRST-LAST with 1 <= FIRST <= LAST <= 65535"));
    }

    /** Empty unless the text is written as one. */
    static Optional<PortRange> read(String text) {
        Matcher match = WRITTEN.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        int first = Integer.parseInt(match.group(1));
        int last = match.group(2) == null ? first : Integer.parseInt(match.group(2));
        return Optional.of(new PortRange(first, last));
    }

    public int width() {
        return last - first + 1;
    }

    public boolean contains(int port) {
        return first <= port && port <= last;
    }

    public boolean overlaps(PortRange other) {
        return first <= other.last && other.first <= last;
    }

    @Override
    public int compareTo(PortRange other) {
        return first != other.first ? Integer.compare(first, other.first) : Integer.compare(last, other.last);
    }

    @JsonValue
    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
