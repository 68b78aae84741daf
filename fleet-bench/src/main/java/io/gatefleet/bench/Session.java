package io.gatefleet.bench;

import io.gatefleet.bench.load.Measured;
import io.gatefleet.bench.load.Overlaps;
import io.gatefleet.bench.load.Plan;
import io.gatefleet.bench.load.Run;
import io.gatefleet.bench.load.Scenario;
import io.gatefleet.bench.load.Step;
import io.gatefleet.bench.load.Warmth;
import io.gatefleet.bench.report.Machine;
import io.gatefleet.bench.report.Ratios;
import io.gatefleet.bench.report.Report;
import io.gatefleet.bench.report.Results;
import io.gatefleet.bench.report.Row;
import io.gatefleet.bench.server.Contender;
import io.gatefleet.bench.server.Site;
import io.gatefleet.bench.server.Workplace;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** One run of the benchmark: starts each service in its turn, measures it, ends it. */
final class Session {
    private final Plan plan;
    private final List<Contender> contenders;
    private final PrintStream progress;
    private final Results results = new Results();
    private final List<String> failed = new ArrayList<>();
    private final long began = System.nanoTime();
    private long grants;
    private long overlapping;

    Session(Plan plan, List<Contender> contenders, PrintStream progress) {
        this.plan = plan;
        this.contenders = contenders;
        this.progress = progress;
    }

    /** Measures all of them. Blocks for minutes. */
    Report run(String command, List<String> skipped) throws IOException, InterruptedException {
        List<String> machine = Machine.lines();
        double syncMillis;
        try (Workplace place = Workplace.make()) {
            syncMillis = place.syncMillis();
        }
        for (int round = 1; round <= plan.rounds(); round++) {
            for (Contender contender : contenders) {
                // A limit is no contender: once is enough to know where it is.
                if (round == 1 || !contender.reference()) {
                    measure(round, contender);
                }
            }
        }
        List<Row> rows = results.rows();
        return new Report(machine, command, syncMillis, rows, Ratios.of(rows), grants, overlapping, skipped, failed);
    }

    private void warmUp(Site site, Overlaps overlaps) throws InterruptedException {
        Warmth warmth = new Warmth();
        for (int turn = 0; turn < plan.mostWarmups() && !warmth.isWarm(); turn++) {
            double perSecond = 0;
            for (Scenario scenario : plan.warmup()) {
                Measured renewals = new Run(site.door(), scenario, overlaps, site::cpuSeconds)
                        .measure()
                        .get(Step.RENEW);
                perSecond += renewals == null ? 0 : renewals.perSecond();
            }
            warmth.turn(perSecond);
        }
    }

    private void measure(int round, Contender contender) throws InterruptedException {
        progress.printf(
                "%4d s  round %d of %d  %s%n",
                (System.nanoTime() - began) / 1_000_000_000L, round, plan.rounds(), contender.name());
        // Each with its own: what a broken one leaves behind is nobody else's overlap.
        Overlaps overlaps = new Overlaps();
        try (Workplace place = Workplace.make();
                Site site = contender.starter().start(place.home())) {
            warmUp(site, overlaps);
            for (int repeat = 0; repeat < plan.repeats(); repeat++) {
                for (Scenario scenario : plan.scenarios()) {
                    results.add(
                            contender, scenario, new Run(site.door(), scenario, overlaps, site::cpuSeconds).measure());
                }
            }
        } catch (InterruptedException told) {
            throw told;
        } catch (Exception cause) { // whatever a part does wrong, the others are still measured
            failed.add(contender.name() + ": " + cause.getMessage());
            progress.printf("        FAILED: %s%n", cause.getMessage());
        }
        grants += overlaps.grants();
        overlapping += overlaps.found();
    }
}
