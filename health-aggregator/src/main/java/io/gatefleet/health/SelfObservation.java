package io.gatefleet.health;

import io.gatefleet.contract.health.FleetHealthView.Observer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How well the aggregator itself runs: how late its own timer is, and whether somebody set the calendar clock, which says
 * nothing about the fleet and much about the machine that looks at it.
 *
 * <p>Times are monotonic nanoseconds of one clock. Owned by one event loop.
 */
final class SelfObservation {
    /** Two clocks of one machine drift by less in a tick, and time servers step by more. */
    private static final long JUMP_MILLIS = 500;

    private final long tickNanos;
    private final long startedAt;
    private long tickDue;
    private long lagMillis;
    private long tickedAt;
    private long wallMillis;
    private int jumps;
    private @Nullable Long jumpedAt;

    /** @param wallMillis what the calendar clock says at {@code now} */
    SelfObservation(Duration tick, long now, long wallMillis) {
        this.tickNanos = tick.toNanos();
        this.startedAt = now;
        this.tickDue = now + tickNanos;
        this.tickedAt = now;
        this.wallMillis = wallMillis;
    }

    /** To be called once a tick. */
    void tick(long now, long wall) {
        lagMillis = Math.max(0, TimeUnit.NANOSECONDS.toMillis(now - tickDue));
        tickDue = now + tickNanos;
        long off = wall - wallMillis - TimeUnit.NANOSECONDS.toMillis(now - tickedAt);
        if (Math.abs(off) > JUMP_MILLIS) {
            jumps++;
            jumpedAt = now;
        }
        tickedAt = now;
        wallMillis = wall;
    }

    long lagMillis() {
        return lagMillis;
    }

    /**
     * @param heardAt when the youngest word was heard
     * @param trouble with the cluster
     * @param learning why the picture may not be whole
     */
    Observer view(long heardAt, int members, Optional<String> trouble, Optional<String> learning, long now) {
        Long jumped = jumpedAt;
        return new Observer(
                TimeUnit.NANOSECONDS.toMillis(now - startedAt),
                TimeUnit.NANOSECONDS.toMillis(now - heardAt),
                lagMillis,
                members,
                trouble.isEmpty(),
                trouble.orElse(null),
                jumps,
                jumped == null ? null : TimeUnit.NANOSECONDS.toMillis(now - jumped),
                learning.orElse(null));
    }
}
