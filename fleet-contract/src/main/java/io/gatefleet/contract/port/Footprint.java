package io.gatefleet.contract.port;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.gatefleet.contract.BadInput;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The set of offsets from a base port that a layout takes. Contains 0; at most {@value #WIDEST} wide. Written as
 * {@code 0-110}, or {@code 0-3,7}.
 */
public final class Footprint {
    /** OpenClaw takes 111; the rest is room for the fixed ports of channel plugins. */
    public static final int WIDEST = 256;

    /** A fleet has few footprints, and reads one with every word of every node. */
    private static volatile @Nullable Footprint lastParsed;

    private final BitSet offsets;
    private final String text;

    private Footprint(BitSet offsets) {
        if (!offsets.get(0) || offsets.length() > WIDEST) {
            throw new BadInput(
                    "footprint", offsets, "offsets from 0 to at most " + (WIDEST - 1) + ", the base (0) among them");
        }
        this.offsets = offsets;
        this.text = text(offsets);
    }

    public static Footprint contiguous(int width) {
        if (width < 1 || width > WIDEST) {
            throw new BadInput("footprint width", width, "1 to " + WIDEST);
        }
        BitSet offsets = new BitSet(width);
        offsets.set(0, width);
        return new Footprint(offsets);
    }

    public static Footprint of(BitSet offsets) {
        return new Footprint((BitSet) offsets.clone());
    }

    /** @throws BadInput unless the text is a comma-separated list of offsets and runs, 0 among them */
    @JsonCreator
    public static Footprint parse(String text) {
        Footprint known = lastParsed;
        if (known == null || !known.text.equals(text)) {
            known = parsed(text);
            lastParsed = known;
        }
        return known;
    }

    private static Footprint parsed(String text) {
        BitSet offsets = new BitSet();
        for (String part : text.split(",", -1)) {
            String[] ends = part.strip().split("-", -1);
            try {
                int first = Integer.parseInt(ends[0]);
                int last = Integer.parseInt(ends[ends.length - 1]);
                if (ends.length > 2 || first < 0 || last < first || last >= WIDEST) {
                    throw new BadInput("footprint", text, "offsets 0 to " + (WIDEST - 1) + ", for example 0-3,7");
                }
                offsets.set(first, last + 1);
            } catch (NumberFormatException notANumber) {
                throw new BadInput("footprint", text, "offsets 0 to " + (WIDEST - 1) + ", for example 0-3,7");
            }
        }
        return new Footprint(offsets);
    }

    /** From the base to the highest offset: 111 for a wide OpenClaw. */
    public int span() {
        return offsets.length();
    }

    /** How many ports it takes. */
    public int size() {
        return offsets.cardinality();
    }

    public boolean isContiguous() {
        return size() == span();
    }

    /** @throws BadInput if the footprint does not end at or below 65535 from there */
    public PortSet at(int base) {
        checkAt(base);
        BitSet ports = new BitSet(base + span());
        for (int first = 0; first >= 0; ) {
            int end = offsets.nextClearBit(first);
            ports.set(base + first, base + end);
            first = offsets.nextSetBit(end);
        }
        return PortSet.of(ports);
    }

    /** The same complaint, without the ports: every lease that is read or changed asks for it. */
    public void checkAt(int base) {
        if (base < 1 || base + span() - 1 > PortRange.HIGHEST_PORT) {
            throw new BadInput("base", base, "1 to " + (PortRange.HIGHEST_PORT - span() + 1) + " for " + this);
        }
    }

    /** A copy, indexed by offset. */
    public BitSet offsets() {
        return (BitSet) offsets.clone();
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof Footprint that && offsets.equals(that.offsets));
    }

    @Override
    public int hashCode() {
        return offsets.hashCode();
    }

    @JsonValue
    @Override
    public String toString() {
        return text;
    }

    private static String text(BitSet offsets) {
        StringBuilder text = new StringBuilder();
        for (int first = offsets.nextSetBit(0); first >= 0; ) {
            int end = offsets.nextClearBit(first);
            text.append(text.isEmpty() ? "" : ",").append(first);
            if (end - 1 > first) {
                text.append('-').append(end - 1);
            }
            first = offsets.nextSetBit(end);
        }
        return text.toString();
    }
}
