package io.gatefleet.node.gateway;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came back when a gateway was asked how it is. Whether the one who answered is the gateway at all is another
 * question, and not asked here.
 *
 * @param reached somebody took the connection
 * @param live it answered as a gateway that lives
 * @param ready it takes work
 * @param draining it finishes what it does, asked or unasked
 * @param failing what it names itself
 * @param version as it says it
 * @param bootId its own name for this life of it, where its protocol has one
 * @param trouble what was wrong, one sentence; null where nothing was
 * @param tookMillis until the last answer
 */
record Answer(
        boolean reached,
        boolean live,
        boolean ready,
        boolean draining,
        List<String> failing,
        @Nullable String version,
        @Nullable String bootId,
        @Nullable String trouble,
        long tookMillis) {
    Answer {
        failing = List.copyOf(failing);
    }

    static Answer bad(boolean reached, String trouble, long tookMillis) {
        return new Answer(reached, false, false, false, List.of(), null, null, trouble, tookMillis);
    }
}
