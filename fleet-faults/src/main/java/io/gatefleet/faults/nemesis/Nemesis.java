package io.gatefleet.faults.nemesis;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Does one fault after the other to a fleet, heals each, and measures until the fleet stands again. */
final class Nemesis {
    private static final Duration LONGEST_START = Duration.ofMinutes(10);
    private static final long LOOK_MILLIS = 250;
    private static final long SAMPLE_MILLIS = 5_000;
    /** Each time costs a JVM for each member. */
    private static final long HEAPS_NANOS = 90_000_000_000L;

    private static final int MOST_SAID = 6;
    private static final long SAY_MILLIS = 15_000;

    /** Between two faults: what is only half whole would be tested otherwise. */
    private static final long QUIET_MILLIS = 5_000;

    private final Fleet fleet;
    private final FaultSchedule schedule;
    private final Vitals vitals;
    private final PrintStream out;
    private final Duration patience;
    private final long began = System.nanoTime();
    private final List<Outcome> outcomes = new ArrayList<>();
    private long sampled;
    private long heapsSampled = began;
    private long said = System.nanoTime();

    /** @param patience within which all must stand after a fault was healed; else the run ends */
    Nemesis(Fleet fleet, FaultSchedule schedule, Vitals vitals, Duration patience, PrintStream out) {
        this.patience = patience;
        this.fleet = fleet;
        this.schedule = schedule;
        this.vitals = vitals;
        this.out = out;
    }

    /** Starts everything, and waits until it stands. */
    void raise() throws IOException, InterruptedException {
        say("%d members, %d guarded nodes on %d hosts; starting"
                .formatted(
                        fleet.cast().members().size(),
                        fleet.guarded(),
                        fleet.cast().hosts().size()));
        long start = System.nanoTime();
        fleet.start(fleet.cast().members());
        wait(fleet::membersNotReady);
        say("the members are ready");
        fleet.start(fleet.cast().nodes());
        for (String crowd : fleet.cast().crowds()) {
            // One after the other: all at once they would keep the machine so busy that members lose each other.
            fleet.start(List.of(crowd));
            wait(() -> fleet.crowdNotStanding(crowd));
        }
        wait(() -> fleet.unsettled(start));
        fleet.watchGateways();
        fleet.startLoad();
        say("all stand after %.1f s; the load begins".formatted((System.nanoTime() - start) / 1e9));
        quiet(QUIET_MILLIS);
    }

    private interface Question {
        List<String> ask() throws InterruptedException;
    }

    private void wait(Question missing) throws IOException, InterruptedException {
        List<String> open = until(missing, System.nanoTime(), LONGEST_START);
        if (!open.isEmpty()) {
            throw new IOException("the fleet never stood: " + String.join("; ", open));
        }
    }

    /** Faults until the time is over. */
    List<Outcome> rage(Duration time) throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        Fault next = schedule.next();
        while (System.nanoTime() + (next.lastsMillis() + QUIET_MILLIS) * 1_000_000 < end) {
            Outcome outcome = suffer(next);
            outcomes.add(outcome);
            if (!outcome.settled()) {
                say("the run ends here: %s".formatted(outcome.open()));
                return outcomes;
            }
            fleet.watchRanges();
            if (System.nanoTime() - heapsSampled > HEAPS_NANOS) {
                sampleHeaps();
            }
            quiet(QUIET_MILLIS);
            next = schedule.next();
        }
        sampleHeaps();
        while (System.nanoTime() < end) {
            quiet(Math.min(1_000, Math.max(1, (end - System.nanoTime()) / 1_000_000)));
        }
        return outcomes;
    }

    private Outcome suffer(Fault fault) throws IOException, InterruptedException {
        say("%d %s: %s".formatted(fault.number(), fault.kind(), fault.story()));
        long start = System.nanoTime();
        for (Deed deed : fault.deeds()) {
            waitUntil(start + deed.at() * 1_000_000);
            perform(deed);
        }
        waitUntil(start + fault.lastsMillis() * 1_000_000);
        fleet.wires().heal();
        long healed = System.nanoTime();
        List<String> open = until(() -> fleet.unsettled(healed), healed, patience);
        long settled = System.nanoTime();
        Outcome outcome = new Outcome(
                fault,
                (healed - start) / 1_000_000,
                open.isEmpty() ? (settled - healed) / 1_000_000 : -1,
                start,
                healed,
                String.join("; ", open));
        say("%d %s after %.1f s; %d grants; %d troubles"
                .formatted(
                        fault.number(),
                        outcome.settled() ? "healed, all stand" : "NOT SETTLED",
                        (settled - healed) / 1e9,
                        fleet.loaded().grants(),
                        fleet.troubles().size()));
        return outcome;
    }

    private void perform(Deed deed) throws IOException, InterruptedException {
        if (deed instanceof Deed.Cut cut) {
            fleet.wires().cut(cut.links());
        } else if (deed instanceof Deed.Pause pause) {
            fleet.pause(pause.whom());
        } else if (deed instanceof Deed.Wake wake) {
            fleet.wake(wake.whom());
        } else if (deed instanceof Deed.Kill kill) {
            fleet.kill(kill.whom());
        } else if (deed instanceof Deed.Start start) {
            fleet.start(start.whom());
        } else if (deed instanceof Deed.Restart restart) {
            for (String name : restart.whom()) {
                fleet.restart(name);
                observe();
            }
        }
    }

    /** What was still missing when the time was over; empty: nothing. */
    private List<String> until(Question missing, long since, Duration most) throws IOException, InterruptedException {
        while (true) {
            List<String> open = missing.ask();
            if (open.isEmpty() || System.nanoTime() - since > most.toNanos()) {
                return open;
            }
            observe();
            if (System.nanoTime() - said > SAY_MILLIS * 1_000_000) {
                say("  waiting %.0f s for: %s".formatted((System.nanoTime() - since) / 1e9, few(open)));
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private static String few(List<String> sentences) {
        return String.join("; ", sentences.subList(0, Math.min(MOST_SAID, sentences.size())))
                + (sentences.size() > MOST_SAID ? "; and %d more".formatted(sentences.size() - MOST_SAID) : "");
    }

    private void quiet(long millis) throws IOException, InterruptedException {
        waitUntil(System.nanoTime() + millis * 1_000_000);
    }

    private void waitUntil(long nanos) throws IOException, InterruptedException {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            observe();
            Thread.sleep(Math.min(LOOK_MILLIS, Math.max(1, left / 1_000_000)));
        }
    }

    private void observe() throws IOException {
        fleet.compareWords();
        if (System.nanoTime() - sampled > SAMPLE_MILLIS * 1_000_000) {
            sampled = System.nanoTime();
            fleet.memberPids().forEach(vitals::sample);
        }
    }

    private void sampleHeaps() throws InterruptedException {
        heapsSampled = System.nanoTime();
        for (Map.Entry<String, Long> member : fleet.memberPids().entrySet()) {
            vitals.sampleHeap(member.getKey(), member.getValue());
        }
    }

    private void say(String sentence) {
        said = System.nanoTime();
        out.println("%6.1f s  %s".formatted((said - began) / 1e9, sentence));
    }
}
