package io.gatefleet.bench.fleet;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The figures for people, a column for each size, and how each grew. */
public final class FleetText {
    private FleetText() {}

    public static String of(List<Figures> all) {
        StringBuilder text = new StringBuilder("%n%-58s".formatted("nodes"));
        all.forEach(one -> text.append(String.format(Locale.ROOT, " %,12d", one.nodes())));
        line(text, all, "storm: all have a lease, s", Figures::stormSeconds);
        times(text, all, "  to a node's lease", Figures::leasedMillis);
        line(text, all, "heartbeats answered, 1/s", Figures::beatsPerSecond);
        times(text, all, "heartbeat to answer", Figures::beatMillis);
        line(text, all, "cores of all services", Figures::coresOfAll);
        for (String service : all.get(0).cores().keySet().stream().sorted().toList()) {
            line(text, all, "  of them " + service, one -> one.cores().getOrDefault(service, Double.NaN));
        }
        line(text, all, "cores of the generator", Figures::generatorCores);
        for (String service :
                all.get(0).heapMegabytes().keySet().stream().sorted().toList()) {
            line(text, all, "most heap in use, " + service + ", MB", one -> one.heapMegabytes()
                    .getOrDefault(service, Double.NaN));
        }
        times(text, all, "GET /v1/fleet/health", Figures::healthMillis);
        line(text, all, "watchers", Figures::watchers);
        line(text, all, "  all have the whole fleet after, s", Figures::watchersSyncedSeconds);
        times(text, all, "a gateway's death to each watcher", Figures::deathMillis);
        times(text, all, "a silent node's deadline to each watcher", Figures::silentLateMillis);
        text.append('\n');
        for (Figures one : all) {
            one.failures()
                    .forEach((why, count) -> text.append(
                            String.format(Locale.ROOT, "%nnot well at %,d: %d x %s", one.nodes(), count, why)));
        }
        if (all.size() > 1) {
            Figures first = all.get(0);
            Figures last = all.get(all.size() - 1);
            text.append('\n');
            ratio(text, "nodes", first, last, Figures::nodes);
            ratio(text, "storm", first, last, Figures::stormSeconds);
            ratio(text, "cores of all services", first, last, Figures::coresOfAll);
            ratio(text, "p99 of GET /v1/fleet/health", first, last, one -> one.healthMillis()
                    .p99());
            ratio(text, "p99 of a death to each watcher", first, last, one -> one.deathMillis()
                    .p99());
        }
        return text.append('\n').toString();
    }

    private static void times(StringBuilder text, List<Figures> all, String what, Function<Figures, Figures.Times> of) {
        line(text, all, what + ", p50 ms", one -> of.apply(one).p50());
        line(text, all, what + ", p99 ms", one -> of.apply(one).p99());
        line(text, all, what + ", most ms", one -> of.apply(one).most());
    }

    private static void line(StringBuilder text, List<Figures> all, String what, ToDoubleFunction<Figures> value) {
        text.append("%n%-58s".formatted(what));
        all.forEach(one -> text.append(String.format(Locale.ROOT, " %,12.2f", value.applyAsDouble(one))));
    }

    private static void ratio(
            StringBuilder text, String what, Figures first, Figures last, ToDoubleFunction<Figures> value) {
        text.append(String.format(
                Locale.ROOT,
                "%nratio %s, %d over %d: %.2fx",
                what,
                last.nodes(),
                first.nodes(),
                value.applyAsDouble(last) / value.applyAsDouble(first)));
    }
}
