package io.gatefleet.bench.report;

/**
 * A line of the table: the medians of what the runs of one scenario at one contender took in one step.
 *
 * @param contender as {@code --only} calls it
 * @param scenario which one
 * @param operations answered in all runs together
 * @param perSecond answered in a second
 * @param p50Millis half of the answers came sooner
 * @param p99Millis 99 % of them did
 * @param serverCpu seconds of CPU that all servers took for 1000 of them; 0 where the generator is the server
 * @param generatorCpu the same for the generator
 */
public record Row(
        String contender,
        String system,
        int servers,
        String durability,
        String scenario,
        int callers,
        String step,
        long operations,
        double perSecond,
        double p50Millis,
        double p99Millis,
        double serverCpu,
        double generatorCpu) {}
