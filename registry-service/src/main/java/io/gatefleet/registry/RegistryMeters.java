package io.gatefleet.registry;

import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.instance.InstanceReply;
import io.gatefleet.runtime.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The registry's meters. Tags come from small sets; never the name of an instance or host. */
final class RegistryMeters {
    private final MeterRegistry meters;
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();
    /** Scraped from another thread than the book's. */
    private final AtomicInteger present = new AtomicInteger();

    private final AtomicInteger openRequests = new AtomicInteger();

    RegistryMeters(MeterRegistry meters) {
        this.meters = meters;
        Gauge.builder("gatefleet.instances.present", present, AtomicInteger::get)
                .description("Instances that said no goodbye and were heard within their term")
                .register(meters);
        Gauge.builder("gatefleet.requests.open", openRequests, AtomicInteger::get)
                .description("Nodes that wait for commands at this registry")
                .register(meters);
        FunctionCounter.builder("gatefleet.wire.ignored", Wire.LENIENT, Wire::ignoredFields)
                .description("Fields that this version does not know: not zero while versions are mixed")
                .register(meters);
    }

    void openRequests(int count) {
        openRequests.set(count);
    }

    /** @param afterMillis from the question to the node's open request */
    void commandHanded(long afterMillis) {
        Timer.builder("gatefleet.command.handed")
                .description("From an operator's question to the open request of its node")
                .serviceLevelObjectives(Meters.answerTimes())
                .register(meters)
                .record(Duration.ofMillis(afterMillis));
    }

    void commandEnded(String kind, String outcome) {
        Counter.builder("gatefleet.commands")
                .description("Commands to nodes, by what became of them")
                .tags("kind", kind, "outcome", outcome)
                .register(meters)
                .increment();
    }

    void present(int count) {
        present.set(count);
    }

    Timer.Sample start() {
        return Timer.start(meters);
    }

    void registered(Timer.Sample since, String outcome) {
        count("gatefleet.registrations", "Words to join, by what became of them", outcome);
        took(since, "register");
    }

    void heard(Timer.Sample since, String outcome) {
        count("gatefleet.heartbeats", "Words to stay, by what became of them", outcome);
        took(since, "heartbeat");
    }

    void departed(Timer.Sample since, String outcome) {
        count("gatefleet.goodbyes", "Words to leave, by what became of them", outcome);
        took(since, "deregister");
    }

    /** The tag of an answer: a refusal's code, or the kind of the answer. */
    static String outcome(InstanceReply reply) {
        if (reply instanceof InstanceReply.Refused refused) {
            return refused.refusal().kind().toString();
        }
        if (reply instanceof InstanceReply.Registered registered) {
            return registered.fresh() ? "created" : "repeated";
        }
        return reply instanceof InstanceReply.OtherIncarnation ? "other-incarnation" : "ok";
    }

    private void count(String name, String description, String outcome) {
        // Kept: to describe a meter anew for every word, only to find it again, is work for nothing.
        counters.computeIfAbsent(name + " " + outcome, key -> Counter.builder(name)
                        .description(description)
                        .tag("outcome", outcome)
                        .register(meters))
                .increment();
    }

    private void took(Timer.Sample since, String operation) {
        since.stop(timers.computeIfAbsent(operation, key -> Timer.builder("gatefleet.registry.request")
                .description("From a node's word to its answer, the ledger's part included")
                .tag("operation", operation)
                .serviceLevelObjectives(Meters.answerTimes())
                .register(meters)));
    }
}
