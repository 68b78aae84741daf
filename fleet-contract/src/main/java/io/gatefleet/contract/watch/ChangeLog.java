package io.gatefleet.contract.watch;

import io.gatefleet.contract.BadInput;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last changes of what one member knows, in their order. The oldest make room for new ones: whoever was away for too
 * long takes a snapshot again, and is never told a part as if it were the whole.
 *
 * <p>Not thread-safe: the event loop that owns what is watched owns its log.
 */
public final class ChangeLog<T> {
    private final String epoch;
    private final int most;
    private final List<Change<T>> ring = new ArrayList<>();
    private long number;
    private Runnable listener = () -> {};

    /**
     * @param epoch of no other log, see {@link Revision#epoch}
     * @param most changes that are kept, 1 to 1,000,000
     */
    public ChangeLog(String epoch, int most) {
        if (most < 1 || most > 1_000_000) {
            throw new BadInput("history", most, "1 to 1000000");
        }
        this.epoch = new Revision(epoch, 0).epoch();
        this.most = most;
    }

    /** Writes down what happened; see {@link Change} for the parameters. */
    public void add(String kind, String key, @Nullable T before, @Nullable T after, long at) {
        Change<T> change = new Change<>(++number, kind, key, before, after, at);
        if (ring.size() < most) {
            ring.add(change);
        } else {
            ring.set(index(number), change);
        }
        listener.run();
    }

    /** Is told of every change, after it was written down and before the next; one listener at a time. */
    public void onChange(Runnable told) {
        listener = told;
    }

    /** The newest one. */
    public Revision revision() {
        return at(number);
    }

    public Revision at(long which) {
        return new Revision(epoch, which);
    }

    /** Whether everything that happened since then is still known. Never true of another member's or life's revision. */
    public boolean knowsAllSince(Revision since) {
        return epoch.equals(since.epoch()) && since.number() <= number && since.number() >= number - ring.size();
    }

    /**
     * What happened next.
     *
     * @param since a number that {@link #knowsAllSince} is true of
     * @return null: nothing has happened since
     */
    public @Nullable Change<T> next(long since) {
        if (since < number - ring.size() || since > number) {
            throw new IllegalArgumentException(
                    "since: %d (expected: %d to %d)".formatted(since, number - ring.size(), number));
        }
        return since == number ? null : ring.get(index(since + 1));
    }

    private int index(long which) {
        return (int) ((which - 1) % most);
    }
}
