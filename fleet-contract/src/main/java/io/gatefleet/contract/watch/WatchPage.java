package io.gatefleet.contract.watch;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a long poll.
 *
 * @param items what happened since the revision that was asked about, oldest first; empty when nothing did
 * @param revision to ask about next
 * @param observer how well the one who answers sees; null where the service does not say
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WatchPage<T>(
        List<WatchEvent<T>> items,
        Revision revision,
        @Nullable Object observer) {}
