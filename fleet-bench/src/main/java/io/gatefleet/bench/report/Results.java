package io.gatefleet.bench.report;

import io.gatefleet.bench.load.Measured;
import io.gatefleet.bench.load.Scenario;
import io.gatefleet.bench.load.Step;
import io.gatefleet.bench.server.Contender;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What all runs took, by contender, scenario and step. */
public final class Results {
    private record Key(Contender contender, String scenario, int callers, Step step) {}

    private final Map<Key, List<Measured>> runs = new LinkedHashMap<>();

    /** Notes one run. */
    public void add(Contender contender, Scenario scenario, Map<Step, Measured> run) {
        run.forEach((step, measured) -> runs.computeIfAbsent(
                        new Key(contender, scenario.name(), scenario.callers(), step), key -> new ArrayList<>())
                .add(measured));
    }

    /** The medians over the runs, in the order of the first round. */
    public List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        runs.forEach((key, measured) -> rows.add(new Row(
                key.contender().name(),
                key.contender().system(),
                key.contender().servers(),
                key.contender().durability().toString(),
                key.scenario(),
                key.callers(),
                key.step().toString(),
                measured.stream().mapToLong(Measured::operations).sum(),
                median(measured, Measured::perSecond),
                median(measured, one -> one.millisAt(50)),
                median(measured, one -> one.millisAt(99)),
                median(measured, Measured::serverCpuPerThousand),
                median(measured, Measured::generatorCpuPerThousand))));
        return rows;
    }

    private static double median(List<Measured> measured, ToDoubleFunction<Measured> value) {
        double[] sorted = measured.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
