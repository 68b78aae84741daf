package io.gatefleet.faults.nemesis;

import java.util.List;

/**
 * Something that goes wrong, and is healed when its time is over: cut links join again, the paused wake, the killed live.
 *
 * @param number from 1
 * @param story what happens, in one sentence
 * @param deeds in the order of time
 * @param lastsMillis from its beginning until it is healed, at least as long as the last deed is away
 */
record Fault(int number, Kind kind, String story, List<Deed> deeds, long lastsMillis) {
    Fault {
        deeds = List.copyOf(deeds);
        long before = 0;
        for (Deed deed : deeds) {
            if (deed.at() < before) {
                throw new IllegalArgumentException("deeds: %s (expected: in the order of time)".formatted(deeds));
            }
            before = deed.at();
        }
        if (lastsMillis < before) {
            throw new IllegalArgumentException(
                    "lastsMillis: %d (expected: %d or more, when the last deed is)".formatted(lastsMillis, before));
        }
    }

    /** What goes wrong. */
    enum Kind {
        /** Members fall into a majority and a minority at once. */
        CLEAN_PARTITION,
        /** The same, link by link: some see each other longer than others do. */
        STAGGERED_PARTITION,
        /** Some are heard no more, and still hear. */
        ONE_WAY,
        /** Two halves that see only one member in common. */
        BRIDGE,
        /** Registries and allocators do not see each other. */
        REGISTRIES_FROM_ALLOCATORS,
        /** Nodes reach no registry, or only one. */
        NODES_FROM_REGISTRIES,
        /** A member stands still, and knows nothing of it when it goes on. */
        PAUSED_MEMBER,
        /** Nodes stand still for longer than their term. */
        PAUSED_NODES,
        KILLED_MEMBERS,
        /** And all start empty. */
        ALL_MEMBERS_KILLED,
        /** Nodes die with their guards and what they run. */
        KILLED_NODES,
        /** Gateway-nodes die; their gateways live on. */
        KILLED_GATEWAY_NODES,
        /** All members, one after the other, in order. */
        RESTARTED_IN_ORDER
    }
}
