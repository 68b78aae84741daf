package io.gatefleet.bench.load;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;
import org.HdrHistogram.Histogram;

/**
 * One scenario at one door: cycles of acquire, renew and release, all callers doing the same step at a time. A step of a
 * cycle ends when its work is done, or early when the door is so slow that it would take the whole run; what was acquired
 * is always released.
 */
public final class Run {
    /** Steps share a run's time about like this, so that a slow door is seen in each of them. */
    private static final int STEPS = 3;

    private static final long SILENCE_SECONDS = 60;
    private static final OperatingSystemMXBean SELF =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final Door door;
    private final Scenario scenario;
    private final Overlaps overlaps;
    private final DoubleSupplier serverCpu;
    private final List<Caller> callers = new ArrayList<>();
    private final Map<Step, Measured> measured = new EnumMap<>(Step.class);

    /** @param serverCpu seconds that the door's servers have taken so far */
    public Run(Door door, Scenario scenario, Overlaps overlaps, DoubleSupplier serverCpu) {
        this.door = door;
        this.scenario = scenario;
        this.overlaps = overlaps;
        this.serverCpu = serverCpu;
        for (int i = 0; i < scenario.callers(); i++) {
            callers.add(new Caller(i));
        }
        for (Step step : Step.values()) {
            measured.put(step, new Measured());
        }
    }

    /**
     * Does it. Blocks for as long as the scenario lasts, or a little longer.
     *
     * @throws IllegalStateException if a word failed: a benchmark of failures says nothing
     */
    public Map<Step, Measured> measure() throws InterruptedException {
        long nanos = TimeUnit.MILLISECONDS.toNanos(scenario.millis());
        long cap = nanos / STEPS;
        long end = System.nanoTime() + nanos;
        do {
            AtomicInteger next = new AtomicInteger();
            step(Step.ACQUIRE, cap, caller -> {
                int seat = next.getAndIncrement();
                return seat >= scenario.seats().size()
                        ? null
                        : door.acquire(caller.number(), scenario.seats().get(seat))
                                .thenAccept(grant -> {
                                    overlaps.granted(grant);
                                    caller.held().add(grant);
                                });
            });
            step(Step.RENEW, cap, caller -> {
                int holds = caller.held().size();
                return caller.said() >= Scenario.RENEWALS * holds
                        ? null
                        : door.renew(caller.number(), caller.held().get(caller.said() % holds));
            });
            step(Step.RELEASE, TimeUnit.SECONDS.toNanos(SILENCE_SECONDS), caller -> {
                int holds = caller.held().size();
                if (holds == 0) {
                    return null;
                }
                Grant last = caller.held().remove(holds - 1);
                overlaps.released(last);
                return door.release(caller.number(), last);
            });
        } while (System.nanoTime() - end < 0);
        return measured;
    }

    private void step(Step step, long cap, Caller.Words words) throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(callers.size());
        callers.forEach(Caller::begin);
        double server = serverCpu.getAsDouble();
        long generator = SELF.getProcessCpuTime();
        long before = System.nanoTime();
        for (Caller caller : callers) {
            door.thread(caller.number()).execute(() -> caller.speak(words, before + cap, failure, done));
        }
        boolean all = done.await(TimeUnit.NANOSECONDS.toSeconds(cap) + SILENCE_SECONDS, TimeUnit.SECONDS);
        long nanos = System.nanoTime() - before;
        Throwable cause = failure.get();
        if (cause != null || !all) {
            throw new IllegalStateException(
                    "%s failed with %d callers: %s"
                            .formatted(step, scenario.callers(), cause == null ? "no answer" : cause),
                    cause);
        }
        Histogram latencies = Measured.latencies();
        callers.forEach(caller -> latencies.add(caller.latencies()));
        Measured sum = measured.get(step);
        if (sum != null) {
            sum.add(latencies, nanos, serverCpu.getAsDouble() - server, (SELF.getProcessCpuTime() - generator) / 1e9);
        }
    }
}
