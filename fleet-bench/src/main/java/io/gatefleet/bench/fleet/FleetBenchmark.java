package io.gatefleet.bench.fleet;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Measures fleets of any size in one and the same way. */
public final class FleetBenchmark {
    private final FleetRun.Plan plan;
    private final PrintStream progress;

    /**
     * @param members processes of each service
     * @param jvm more options of each, such as its most heap
     * @param beat between two heartbeats of a node
     * @param warmup before the steady state is measured
     * @param watchers clients who watch the whole fleet
     * @param quick seconds instead of minutes, of the warm-up too
     */
    public FleetBenchmark(
            int members,
            List<String> jvm,
            Duration beat,
            Duration warmup,
            int watchers,
            boolean quick,
            PrintStream progress) {
        this.plan = new FleetRun.Plan(
                members,
                jvm,
                beat,
                quick ? Duration.ofSeconds(5) : warmup,
                Duration.ofSeconds(quick ? 10 : 60),
                watchers,
                quick ? 5 : 50,
                quick ? 2 : 10);
        this.progress = progress;
    }

    /** Blocks for minutes. */
    public Figures measure(int nodes) throws IOException, InterruptedException, TimeoutException {
        return new FleetRun(plan, nodes, progress).measure();
    }
}
