package io.gatefleet.bench;

import io.gatefleet.bench.gatefleet.NodeWords;
import io.gatefleet.bench.load.Seat;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.health.FleetHealthView.Observer;
import io.gatefleet.contract.health.FleetItem;
import io.gatefleet.contract.instance.Announcement;
import io.gatefleet.contract.instance.Beat;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.watch.ChangeLog;
import io.gatefleet.health.verdict.FleetChanges;
import io.gatefleet.health.verdict.FleetHealth;
import io.gatefleet.health.verdict.Transition;
import io.gatefleet.health.verdict.VerdictRules;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the picture of a calm fleet costs an aggregator: a beat that says nothing new, a look at everybody, an answer. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PictureBenchmark {
    private static final Footprint WIDE = Footprint.contiguous(Seat.WIDTH);
    private static final int ON_A_HOST = 20;
    private static final Observer OBSERVER = new Observer(60_000, 1, 0, 9);

    /** Gateways, all of them ready; twenty on a host. */
    @Param({"1000", "10000"})
    private int gateways;

    private final List<Lease> leases = new ArrayList<>();
    private final List<Transition> changes = new ArrayList<>();
    private FleetHealth health = picture();
    private FleetChanges told = watched(health);
    private Buffer word = Buffer.buffer();
    private long now;
    private long sequence;

    @Setup
    public void fill() {
        for (int i = 0; i < gateways; i++) {
            int number = i % ON_A_HOST;
            InstanceKey key = NodeWords.key(new Seat("host-" + i / ON_A_HOST, number));
            leases.add(new Lease(
                    key, new Incarnation(1), Seat.base(number), WIDE, "openclaw-wide", 1 + i, LeaseState.CONFIRMED));
        }
        health = picture();
        told = watched(health);
        leases.forEach(lease -> heard(beat(lease)));
        told.settle(now);
        word = Wire.LENIENT.write(beat(leases.get(0)));
    }

    private static FleetHealth picture() {
        return new FleetHealth(VerdictRules.defaults(), Duration.ofMillis(500), 0);
    }

    private static FleetChanges watched(FleetHealth health) {
        return new FleetChanges(health, new ChangeLog<FleetItem>("bench", 10_000));
    }

    private Beat beat(Lease lease) {
        Heartbeat heartbeat = NodeWords.heartbeat(lease, ++sequence);
        return new Beat(lease.holder(), Flavor.SIMULATED, heartbeat);
    }

    private boolean heard(Beat beat) {
        health.hear(beat, now, changes);
        return told.instance(beat.instance(), now);
    }

    /** As it comes from another member. */
    @Benchmark
    public Announcement aBeatIsRead() {
        return Wire.LENIENT.read(word, Announcement.class);
    }

    /** Judged, and compared with what watchers know. */
    @Benchmark
    public boolean aBeatIsHeard() {
        return heard(beat(leases.get((int) (sequence % gateways))));
    }

    /** Silence, and what comes of everything for hosts, problems and the fleet. */
    @Benchmark
    public int everybodyIsLookedAt() {
        now++;
        int judged = health.tick(now, changes).size();
        told.settle(now);
        return judged;
    }

    /** To whoever asks how the fleet is. */
    @Benchmark
    public Buffer anAnswerIsWritten() {
        return Wire.STRICT.write(health.fleet(OBSERVER, now));
    }
}
