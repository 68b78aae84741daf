package io.gatefleet.contract.watch;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a watcher is told of one thing. Whoever puts every {@code item} in the place of its {@code key}, and takes out the
 * keys that come without one, has what the service has.
 *
 * @param kind of event; those of a snapshot only say that the thing is there
 * @param key unique among all that one service tells
 * @param item the whole thing as it was then, its ages included; null: it is not there any more, or not among those that
 *     were asked for
 * @param agoMillis how long ago that was: what to add to ages inside
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WatchEvent<T>(
        String kind, String key, @Nullable T item, long agoMillis) {
    /** The kind of all events without an item. */
    public static final String GONE = "gone";
}
