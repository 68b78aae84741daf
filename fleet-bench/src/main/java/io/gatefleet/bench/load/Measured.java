package io.gatefleet.bench.load;

import org.HdrHistogram.Histogram;

/** What one step took in one run, added up over its cycles. */
public final class Measured {
    private static final double NANOS = 1e9;
    /** Latencies from 1 microsecond to a minute, to 1 %. */
    private static final long SHORTEST_NANOS = 1_000;

    private static final long LONGEST_NANOS = 60_000_000_000L;

    private final Histogram latencies = latencies();
    private long nanos;
    private double serverCpu;
    private double generatorCpu;

    static Histogram latencies() {
        return new Histogram(SHORTEST_NANOS, LONGEST_NANOS, 2);
    }

    static void record(Histogram latencies, long nanos) {
        latencies.recordValue(Math.min(nanos, LONGEST_NANOS));
    }

    void add(Histogram more, long moreNanos, double moreServerCpu, double moreGeneratorCpu) {
        latencies.add(more);
        nanos += moreNanos;
        serverCpu += moreServerCpu;
        generatorCpu += moreGeneratorCpu;
    }

    /** Words that were answered. */
    public long operations() {
        return latencies.getTotalCount();
    }

    /** Answered words in a second. */
    public double perSecond() {
        return nanos == 0 ? 0 : operations() * NANOS / nanos;
    }

    /** In milliseconds: so many percent were answered sooner. */
    public double millisAt(double percent) {
        return latencies.getValueAtPercentile(percent) / 1e6;
    }

    /** CPU seconds that all servers together took for 1000 words. */
    public double serverCpuPerThousand() {
        return perThousand(serverCpu);
    }

    /** CPU seconds that the generator took for 1000 words. */
    public double generatorCpuPerThousand() {
        return perThousand(generatorCpu);
    }

    private double perThousand(double seconds) {
        return operations() == 0 ? 0 : seconds * 1000 / operations();
    }
}
