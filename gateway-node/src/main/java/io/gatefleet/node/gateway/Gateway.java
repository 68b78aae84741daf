package io.gatefleet.node.gateway;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.port.Footprint;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The gateway of one instance, as the node's lifecycle sees it. Nothing here blocks: the work happens on a worker, and
 * futures complete on the caller's context. Closed by {@link #stop()}; an object that is dropped without it leaves its
 * gateway running, which a later one finds by {@link #standing()}.
 */
public interface Gateway {
    /**
     * Settles what an earlier life left behind, writes the configuration, and starts the process in its own session. From
     * then on the gateway is watched, and started again by policy when it ends unasked.
     *
     * @return done when the process exists, which is seconds before it is ready; fails with {@link BadInput} that names
     *     the key where the user's configuration contradicts the lease, and with {@link IllegalStateException} while a
     *     gateway runs already, adopted or not
     */
    Future<Void> start(Lease lease);

    /**
     * Lets the gateway finish what it does, then ends its whole process tree and every orphan of the instance. Takes as
     * long as the drain budget at most, and no longer than the gateway needs. Without a gateway it settles leftovers.
     *
     * @return true: the kernel shows no listener on any port of the lease; false: see the report's findings
     */
    Future<Boolean> stop();

    /**
     * The same with less patience: what it does not finish in that time is cut off. Hurries a stop that is under way.
     *
     * @param most how long the gateway may take, if that is less than its drain budget
     */
    Future<Boolean> stop(Duration most);

    /**
     * Whether a gateway that ends unasked stays ended. One that waits for its next start is not started then; taken back,
     * nothing is started by itself.
     */
    Future<Void> hold(boolean on);

    /**
     * The end of what the gateway printed, oldest line first, without secrets; of any life of it.
     *
     * @param lines at most so many, and no more than 64 KiB of text
     */
    Future<List<String>> tail(int lines);

    /**
     * A living gateway of an earlier life of the node: from the instance's record on disk, its process recognised by pid
     * and start time. Whether it is well is another question.
     */
    Future<Optional<Standing>> standing();

    /**
     * Watches a standing gateway as if it had been started here; only its exit code stays unknown, because it is no child
     * of this process.
     *
     * @return fails with {@link IllegalStateException} if it does not live any more, or stands elsewhere than the lease
     */
    Future<Void> adopt(Standing standing, Lease lease);

    /** The process tree as the last probe saw it; for the audit. */
    Set<Integer> pids();

    /** What is known now; a snapshot. */
    GatewayReport report();

    /** Is called, from any thread, after each change of state, of the probe's live or ready, and of the findings. */
    void onChange(Runnable listener);

    /** Findings of the node's own audit, shown in the report until the next call replaces them. */
    void findings(List<GatewayReport.Finding> fromNode);

    /**
     * A gateway that lives on.
     *
     * @param pid its process
     * @param startTime of the process, in clock ticks since the kernel's boot: a pid alone may be somebody else's by now
     * @param base the first port of the lease that it was started with
     * @param footprint of that lease
     * @param layout of that lease
     * @param fence of that lease
     */
    record Standing(int pid, long startTime, int base, Footprint footprint, String layout, long fence) {}
}
