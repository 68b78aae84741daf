package io.gatefleet.registry;

import io.gatefleet.contract.Problem;
import io.gatefleet.runtime.HttpEdge;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Whether a registry that has just started knows the fleet: when it has read the book of one that does, or after one term,
 * because by then everybody has spoken who still has a lease. Before, it serves nodes and shows nobody a short list as if
 * it were the whole one.
 */
final class Learning {
    private final LongSupplier nanoTime;
    private final long until;
    private boolean whole;

    /** @param longest zero for a registry that may answer at once, because it starts together with its fleet */
    Learning(Duration longest, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.until = nanoTime.getAsLong() + longest.toNanos();
        this.whole = longest.isZero();
    }

    /** Another one's book was read, who knew the fleet. */
    void whole() {
        whole = true;
    }

    boolean isOver() {
        if (!whole && nanoTime.getAsLong() - until >= 0) {
            whole = true;
        }
        return whole;
    }

    /** Answers that it is too early, if it is. */
    boolean refuses(RoutingContext ctx) {
        if (isOver()) {
            return false;
        }
        long seconds = 1 + TimeUnit.NANOSECONDS.toSeconds(until - nanoTime.getAsLong());
        ctx.response().putHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
        HttpEdge.problem(
                ctx,
                Problem.of(
                        503,
                        "learning",
                        "The fleet is not known yet",
                        "This registry has just started and no other one could tell it of the fleet; in %d s every node that has a lease has spoken"
                                .formatted(seconds),
                        Map.of()));
        return true;
    }
}
