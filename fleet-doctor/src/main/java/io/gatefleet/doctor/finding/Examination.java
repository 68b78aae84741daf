package io.gatefleet.doctor.finding;

import io.gatefleet.doctor.census.Census;
import io.gatefleet.doctor.census.Host;
import io.gatefleet.doctor.port.GatewayPorts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** From what was found to what is wrong. Deterministic: the same census gives the same findings in the same order. */
public final class Examination {
    private static final List<Function<Examination, List<Finding>>> RULES = List.of(
            PortOverlaps::of,
            BasePorts::of,
            HostPorts::of,
            PluginPorts::of,
            Browsers::of,
            SharedPlaces::of,
            OpenPlaces::of,
            Access::of,
            Discovery::of,
            Starting::of);

    private final Census census;
    private final List<Subject> subjects;
    private final Remedy remedy;

    private Examination(Census census) {
        this.census = census;
        // In order of their bases: of two that collide, the higher one moves.
        this.subjects = census.gateways().stream()
                .map(gateway -> new Subject(gateway, GatewayPorts.of(gateway)))
                .sorted(Comparator.comparingInt(Subject::base).thenComparing(Subject::name))
                .toList();
        this.remedy = new Remedy(census.host(), new FreeBases(census.host().facts(), subjects));
    }

    /** The most urgent first. */
    public static List<Finding> of(Census census) {
        Examination examination = new Examination(census);
        List<Finding> findings = new ArrayList<>();
        RULES.forEach(rule -> findings.addAll(rule.apply(examination)));
        findings.sort(Comparator.comparing(Finding::severity)); // stable: the rules' order within a severity
        return List.copyOf(findings);
    }

    Census census() {
        return census;
    }

    Host host() {
        return census.host();
    }

    List<Subject> subjects() {
        return subjects;
    }

    /** Those that Gatefleet does not run: it looks after its own. */
    List<Subject> byHand() {
        return subjects.stream().filter(subject -> !subject.gateway().leased()).toList();
    }

    /** Every two gateways once, the lower base first; not where Gatefleet runs both. */
    void pairs(BiConsumer<Subject, Subject> action) {
        for (int i = 0; i < subjects.size(); i++) {
            for (int j = i + 1; j < subjects.size(); j++) {
                Subject lower = subjects.get(i);
                Subject higher = subjects.get(j);
                if (!lower.gateway().leased() || !higher.gateway().leased()) {
                    action.accept(lower, higher);
                }
            }
        }
    }

    Remedy remedy() {
        return remedy;
    }
}
