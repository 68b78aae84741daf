package io.gatefleet.contract.port;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.gatefleet.contract.BadInput;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A set of ports, in the form that Linux' {@code ip_local_reserved_ports} and Nomad use: {@code 8080,18789-18899}. The
 * empty set is the empty text. Immutable.
 */
public final class PortSet {
    public static final PortSet EMPTY = new PortSet(new BitSet());
    private static final int LONGEST_TEXT = 32_768;

    private final BitSet bits;

    private PortSet(BitSet bits) {
        this.bits = bits;
    }

    /** The ports whose bits are set; later changes of {@code bits} do not show. */
    public static PortSet of(BitSet bits) {
        if (bits.length() > PortRange.HIGHEST_PORT + 1 || bits.get(0)) {
            throw new BadInput("ports", bits.get(0) ? 0 : bits.length() - 1, "1 to 65535");
        }
        return new PortSet((BitSet) bits.clone());
    }

    public static PortSet of(PortRange range) {
        BitSet bits = new BitSet(range.last() + 1);
        bits.set(range.first(), range.last() + 1);
        return new PortSet(bits);
    }

    public static PortSet of(int... ports) {
        BitSet bits = new BitSet();
        for (int port : ports) {
            bits.set(new PortRange(port, port).first());
        }
        return new PortSet(bits);
    }

    /** @throws BadInput unless the text is a comma-separated list of ports and ranges */
    @JsonCreator
    public static PortSet parse(String text) {
        if (text.isBlank()) {
            return EMPTY;
        }
        if (text.length() > LONGEST_TEXT) {
            throw new BadInput("ports", text, "at most " + LONGEST_TEXT + " characters");
        }
        BitSet bits = new BitSet();
        for (String part : text.split(",", -1)) {
            PortRange range = PortRange.read(part)
                    .orElseThrow(() -> new BadInput("ports", text, "ports and ranges, for example 8080,18789-18899"));
            bits.set(range.first(), range.last() + 1);
        }
        return new PortSet(bits);
    }

    public boolean contains(int port) {
        return port >= 0 && bits.get(port);
    }

    public boolean isEmpty() {
        return bits.isEmpty();
    }

    public int size() {
        return bits.cardinality();
    }

    /** The lowest port, or -1 of the empty set. */
    public int lowest() {
        return bits.nextSetBit(0);
    }

    /** The highest port, or -1 of the empty set. */
    public int highest() {
        return bits.length() - 1;
    }

    public boolean overlaps(PortSet other) {
        return bits.intersects(other.bits);
    }

    public boolean containsAll(PortSet other) {
        return other.minus(this).isEmpty();
    }

    public PortSet and(PortSet other) {
        BitSet both = bits();
        both.and(other.bits);
        return new PortSet(both);
    }

    public PortSet plus(PortSet other) {
        BitSet either = bits();
        either.or(other.bits);
        return new PortSet(either);
    }

    public PortSet minus(PortSet other) {
        BitSet rest = bits();
        rest.andNot(other.bits);
        return new PortSet(rest);
    }

    /** The ports, lowest first. */
    public IntStream stream() {
        return bits.stream();
    }

    /** The runs of ports, lowest first. */
    public List<PortRange> ranges() {
        List<PortRange> ranges = new ArrayList<>();
        for (int first = bits.nextSetBit(0); first >= 0; first = bits.nextSetBit(bits.nextClearBit(first))) {
            ranges.add(new PortRange(first, bits.nextClearBit(first) - 1));
        }
        return ranges;
    }

    /** A copy, indexed by port number. */
    public BitSet bits() {
        return (BitSet) bits.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PortSet that && bits.equals(that.bits);
    }

    @Override
    public int hashCode() {
        return bits.hashCode();
    }

    @JsonValue
    @Override
    public String toString() {
        return String.join(",", ranges().stream().map(PortRange::toString).toList());
    }
}
