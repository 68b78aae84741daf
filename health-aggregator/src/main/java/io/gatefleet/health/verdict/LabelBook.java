package io.gatefleet.health.verdict;

import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.Remembered;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The labels of instances, as registries tell them: once for each registration, because no heartbeat has room for what
 * does not change. They may be told before the first heartbeat is, and after.
 */
final class LabelBook {
    private static final Duration KEEP_UNCLAIMED = Duration.ofMinutes(10);
    private static final Duration LOOK_EVERY = Duration.ofMinutes(1);

    private final Map<InstanceKey, Entry> entries = new HashMap<>();
    private long lookedAt;

    private record Entry(Map<String, String> labels, Incarnation incarnation, long at) {}

    LabelBook(long now) {
        this.lookedAt = now;
    }

    /** Takes what a registry remembers, unless it is of an older life. */
    void hear(Remembered told, long now) {
        Incarnation incarnation = told.word().incarnation();
        Entry known = entries.get(told.instance());
        if (!told.departed() && (known == null || known.incarnation.compareTo(incarnation) <= 0)) {
            Map<String, String> labels = Objects.requireNonNullElse(told.word().labels(), Map.of());
            entries.put(told.instance(), new Entry(labels, incarnation, now));
        }
    }

    /** Null: nobody told them. */
    @Nullable
    Map<String, String> of(InstanceKey key) {
        Entry known = entries.get(key);
        return known == null ? null : known.labels;
    }

    /** Forgets, now and then, those of instances that are not there and were not told of for a while. */
    void forget(Predicate<InstanceKey> isThere, long now) {
        if (now - lookedAt >= LOOK_EVERY.toNanos()) {
            lookedAt = now;
            entries.entrySet()
                    .removeIf(entry ->
                            now - entry.getValue().at > KEEP_UNCLAIMED.toNanos() && !isThere.test(entry.getKey()));
        }
    }
}
