package io.gatefleet.health;

import io.gatefleet.contract.health.FleetHealthView.Severity;
import io.gatefleet.contract.health.HostHealth;
import io.gatefleet.contract.health.Verdict;
import io.gatefleet.health.verdict.Glance;
import io.gatefleet.health.verdict.Transition;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The aggregator's meters. Tags come from small sets; never the name of an instance or host. */
final class HealthMeters {
    /** Scraped from another thread than the picture's. */
    private final Map<Verdict.State, AtomicInteger> instances = new EnumMap<>(Verdict.State.class);

    private final Map<HostHealth.State, AtomicInteger> hosts = new EnumMap<>(HostHealth.State.class);
    private final Map<String, AtomicInteger> reasons = new TreeMap<>();
    private final Map<Severity, AtomicInteger> problems = new EnumMap<>(Severity.class);
    private final Map<Verdict.State, Counter> transitions = new EnumMap<>(Verdict.State.class);
    private final AtomicInteger preserving = new AtomicInteger();
    private final AtomicLong lagMillis = new AtomicLong();
    private final Timer age;

    /** @param reasonCodes all that there are */
    HealthMeters(MeterRegistry meters, Collection<String> reasonCodes) {
        for (Verdict.State state : Verdict.State.values()) {
            Gauge.builder(
                            "gatefleet.instances",
                            instances.computeIfAbsent(state, none -> new AtomicInteger()),
                            AtomicInteger::get)
                    .description("Instances in the picture, by verdict")
                    .tag("verdict", state.toString())
                    .register(meters);
            transitions.put(
                    state,
                    Counter.builder("gatefleet.health.transitions")
                            .description("Verdicts that changed, by what they became")
                            .tag("to", state.toString())
                            .register(meters));
        }
        for (HostHealth.State state : HostHealth.State.values()) {
            Gauge.builder(
                            "gatefleet.hosts",
                            hosts.computeIfAbsent(state, none -> new AtomicInteger()),
                            AtomicInteger::get)
                    .description("Hosts in the picture, by state")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(meters);
        }
        for (String reason : reasonCodes) {
            Gauge.builder(
                            "gatefleet.reasons",
                            reasons.computeIfAbsent(reason, none -> new AtomicInteger()),
                            AtomicInteger::get)
                    .description("Instances in the picture, by the reason for their verdict")
                    .tag("reason", reason)
                    .register(meters);
        }
        for (Severity severity : Severity.values()) {
            Gauge.builder(
                            "gatefleet.problems",
                            problems.computeIfAbsent(severity, none -> new AtomicInteger()),
                            AtomicInteger::get)
                    .description("Causes of trouble, by how much they matter")
                    .tag("severity", severity.name().toLowerCase(Locale.ROOT))
                    .register(meters);
        }
        Gauge.builder("gatefleet.selfpreservation", preserving, AtomicInteger::get)
                .description("1 while verdicts by silence are held back")
                .register(meters);
        Gauge.builder("gatefleet.observer.lag", lagMillis, millis -> millis.get() / 1000.0)
                .description("How late the aggregator's own timer was")
                .baseUnit("seconds")
                .register(meters);
        age = Timer.builder("gatefleet.heartbeat.age")
                .description("How old a node's last word was when the next one came")
                .publishPercentiles(0.5, 0.99)
                .register(meters);
    }

    void heard(Duration before) {
        age.record(before);
    }

    void changed(Collection<Transition> changes) {
        changes.forEach(change -> count(transitions, change));
    }

    private static void count(Map<Verdict.State, Counter> transitions, Transition change) {
        Counter counter = transitions.get(change.to());
        if (counter != null) {
            counter.increment();
        }
    }

    void picture(Glance all) {
        instances.forEach((state, number) -> number.set(all.summary().counts().getOrDefault(state, 0)));
        hosts.forEach((state, number) -> number.set(all.hosts().getOrDefault(state, 0)));
        reasons.forEach((reason, number) -> number.set(all.reasons().getOrDefault(reason, 0)));
        problems.forEach((severity, number) -> number.set((int) all.problems().stream()
                .filter(report -> report.severity() == severity)
                .count()));
        preserving.set(all.summary().selfPreservation().on() ? 1 : 0);
    }

    void lag(long millis) {
        lagMillis.set(millis);
    }
}
