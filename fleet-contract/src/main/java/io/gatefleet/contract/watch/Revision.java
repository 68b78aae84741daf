package io.gatefleet.contract.watch;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.gatefleet.contract.BadInput;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A state of what one member of a service knows, written {@code EPOCH-NUMBER}. Members count each for themselves: a number
 * of one says nothing at another, nor in its next life, and the epoch keeps them apart. Clients do not look inside.
 *
 * @param epoch one life of one member, 1 to 24 of {@code a-z 0-9}
 * @param number 0 or more; grows by one with each change
 */
public record Revision(String epoch, long number) {
    private static final Pattern WRITTEN = Pattern.compile("([a-z0-9]{1,24})-([0-9]{1,18})");
    private static final Pattern EPOCH = Pattern.compile("[a-z0-9]{1,24}");

    public Revision {
        if (!EPOCH.matcher(epoch).matches()) {
            throw new BadInput("epoch", epoch, "1 to 24 of a-z and 0-9");
        }
        if (number < 0) {
            throw new BadInput("number", number, "0 or more");
        }
    }

    /** @throws BadInput unless the text is what a revision is written as */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Revision parse(String text) {
        Matcher parts = WRITTEN.matcher(text);
        if (!parts.matches()) {
            throw new BadInput("revision", text, "EPOCH-NUMBER, as a list or an event before said it");
        }
        return new Revision(parts.group(1), Long.parseLong(parts.group(2)));
    }

    /**
     * An epoch that no other life has.
     *
     * @param startedAtMillis so that people can tell which was first
     */
    public static String epoch(long startedAtMillis, Random random) {
        return Long.toString(Math.max(0, startedAtMillis), 36)
                + Long.toString(random.nextInt(1, 36 * 36 * 36 * 36), 36);
    }

    @JsonValue
    @Override
    public String toString() {
        return epoch + "-" + number;
    }
}
