package io.gatefleet.node.gateway;

import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayReport.Finding;
import io.gatefleet.contract.instance.GatewayReport.Probe;
import io.gatefleet.contract.instance.GatewayState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is said of a gateway, and who is told of changes: the last picture of its supervisor, with the findings of the node
 * added. Written by the supervisor's worker and by the node, read by anybody.
 */
final class Bulletin {
    private static final Logger log = LoggerFactory.getLogger(Bulletin.class);

    private final String instance;
    private final LongSupplier nanoTime;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile List<Finding> fromNode = List.of();
    private volatile Picture picture;

    /**
     * What the report is made of; it gets its age when somebody asks.
     *
     * @param since when the state began, by the supervisor's clock
     */
    record Picture(
            GatewayState state,
            long since,
            @Nullable Integer pid,
            @Nullable String version,
            @Nullable String bootId,
            int restarts,
            @Nullable Integer exitCode,
            @Nullable Probe probe,
            List<Finding> findings,
            @Nullable Long residentBytes,
            @Nullable Integer restartsInProcess) {
        Picture {
            findings = List.copyOf(findings);
        }
    }

    Bulletin(String instance, LongSupplier nanoTime, Picture first) {
        this.instance = instance;
        this.nanoTime = nanoTime;
        this.picture = first;
    }

    GatewayReport report() {
        Picture now = picture;
        List<Finding> all = new ArrayList<>(now.findings());
        all.addAll(fromNode);
        return new GatewayReport(
                now.state(),
                now.pid(),
                now.version(),
                now.bootId(),
                now.restarts(),
                now.exitCode(),
                TimeUnit.NANOSECONDS.toMillis(Math.max(0, nanoTime.getAsLong() - now.since())),
                now.probe(),
                all.stream().limit(GatewayReport.MOST_FINDINGS).toList(),
                now.residentBytes(),
                now.restartsInProcess());
    }

    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Replaces what the node found. */
    void findings(List<Finding> now) {
        boolean changed = !fromNode.equals(now);
        fromNode = List.copyOf(now);
        if (changed) {
            tellEverybody();
        }
    }

    /** Replaces the picture without a word. */
    void show(Picture next) {
        picture = next;
    }

    /** Replaces the picture and says so. */
    void tell(Picture next) {
        picture = next;
        tellEverybody();
    }

    private void tellEverybody() {
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException bug) {
                log.error("{} a listener failed", instance, bug);
            }
        }
    }
}
