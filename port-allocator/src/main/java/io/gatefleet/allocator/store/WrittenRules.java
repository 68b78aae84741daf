package io.gatefleet.allocator.store;

import io.gatefleet.allocator.lease.LeaseRules;
import io.gatefleet.contract.bus.Wire;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rules and how they are written. Every command carries them, and they hardly ever change: the last ones are remembered,
 * so that they are not written and read anew for each command on the thread that all hosts of a partition share.
 */
final class WrittenRules {
    private static volatile @Nullable WrittenRules last;

    private final LeaseRules rules;
    private final byte[] bytes;

    private WrittenRules(LeaseRules rules, byte[] bytes) {
        this.rules = rules;
        this.bytes = bytes;
    }

    static WrittenRules of(LeaseRules rules) {
        WrittenRules known = last;
        if (known == null || !known.rules.equals(rules)) {
            known = new WrittenRules(rules, Wire.LENIENT.write(rules).getBytes());
            last = known;
        }
        return known;
    }

    static WrittenRules of(byte[] bytes) {
        WrittenRules known = last;
        if (known == null || !Arrays.equals(known.bytes, bytes)) {
            known = new WrittenRules(Wire.LENIENT.read(bytes, LeaseRules.class), bytes);
            last = known;
        }
        return known;
    }

    LeaseRules rules() {
        return rules;
    }

    byte[] bytes() {
        return bytes;
    }
}
