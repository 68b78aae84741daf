package io.gatefleet.contract.watch;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to one thing.
 *
 * @param number of the revision that came of it
 * @param kind what happened, where the thing is still there
 * @param key whom it happened to
 * @param before as it was; null: it was not there
 * @param after as it is since; null: it is gone
 * @param at when, in monotonic nanoseconds
 */
public record Change<T>(
        long number,
        String kind,
        String key,
        @Nullable T before,
        @Nullable T after,
        long at) {
    /**
     * What somebody is told who asked for some things only: one that is no longer among them is gone for him.
     *
     * @return empty if it is none of his
     */
    public Optional<WatchEvent<T>> seenBy(Predicate<? super T> wanted, long now) {
        long ago = Math.max(0, TimeUnit.NANOSECONDS.toMillis(now - at));
        T item = after;
        if (item != null && wanted.test(item)) {
            return Optional.of(new WatchEvent<>(kind, key, item, ago));
        }
        return before != null && wanted.test(before)
                ? Optional.of(new WatchEvent<>(WatchEvent.GONE, key, null, ago))
                : Optional.empty();
    }
}
