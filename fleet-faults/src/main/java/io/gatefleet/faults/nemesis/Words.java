package io.gatefleet.faults.nemesis;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.bus.Wire;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the processes of a run tell their parent: one JSON line a second. */
final class Words {
    /**
     * Of the load, since it began.
     *
     * @param grants leases that were asked for and given
     * @param beats leases that were renewed
     * @param releases leases that were given back
     * @param refused by code
     * @param silent questions without an answer
     */
    record Load(long grants, long beats, long releases, Map<String, Long> refused, long silent) {
        static final Load NONE = new Load(0, 0, 0, Map.of(), 0);
    }

    /**
     * Of a crowd, in this life of its process.
     *
     * @param pid of the process
     * @param standing nodes that stand confirmed under their guards
     * @param bases where they stand
     * @param stops gateways that their nodes have stopped
     * @param lives of passers-by, whole ones
     * @param refusedGuards how often a passer-by found another's guard where it was sent
     */
    record Crowd(long pid, int standing, List<Integer> bases, int stops, long lives, long refusedGuards) {
        static final Crowd NONE = new Crowd(0, 0, List.of(), 0, 0, 0);
    }

    private Words() {}

    static String text(Object words) {
        return Wire.LENIENT.write(words).toString();
    }

    /** Empty where a line is something else. */
    static <T> Optional<T> read(String line, Class<T> type) {
        if (!line.startsWith("{")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Wire.LENIENT.read(line.getBytes(StandardCharsets.UTF_8), type));
        } catch (BadInput other) {
            return Optional.empty();
        }
    }
}
