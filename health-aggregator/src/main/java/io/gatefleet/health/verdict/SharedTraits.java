package io.gatefleet.health.verdict;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What all who suffer have and those who do not rarely have: a version of the gateway, or a label. It need not be the cause,
 * and is where a person should look first.
 */
final class SharedTraits {
    /** So many who suffer are no accident. */
    private static final int LEAST_AFFECTED = 3;

    private static final int MOST_NAMED = 2;

    private final List<Case> everybody = new ArrayList<>();
    private final LabelBook labels;

    /** @param label its key; null: it is the version */
    private record Trait(@Nullable String label, String value) {
        /** As in "all of them run 2026.9.6". */
        String words() {
            return label == null ? "run " + value : "are labelled %s=%s".formatted(label, value);
        }
    }

    /** @param others who have it, too, and do not suffer */
    private record Shared(Trait trait, long others) {}

    SharedTraits(LabelBook labels) {
        this.labels = labels;
    }

    /** To be told of every instance that there is. */
    void add(Case known) {
        everybody.add(known);
    }

    /** Sentences that begin with a space; empty where nothing is shared, or everybody shares it. */
    String of(Collection<Case> affected) {
        if (affected.size() < LEAST_AFFECTED) {
            return "";
        }
        Set<Trait> common = new HashSet<>(traits(affected.iterator().next()));
        for (Case known : affected) {
            if (common.isEmpty()) {
                return "";
            }
            common.removeIf(trait -> !has(known, trait));
        }
        return common.stream()
                .map(trait -> new Shared(trait, count(trait) - affected.size()))
                .filter(shared -> shared.others <= affected.size())
                .filter(shared -> shared.others + affected.size() < everybody.size())
                .sorted(Comparator.comparing(Shared::others).thenComparing(shared -> shared.trait.words()))
                .limit(MOST_NAMED)
                .map(SharedTraits::sentence)
                .collect(Collectors.joining());
    }

    private static String sentence(Shared shared) {
        String others = shared.others == 0
                ? "and nobody else does"
                : "as %s that %s not suffer"
                        .formatted(
                                shared.others == 1 ? "does 1 other" : "do " + shared.others + " others",
                                shared.others == 1 ? "does" : "do");
        return " All of them %s, %s.".formatted(shared.trait.words(), others);
    }

    private long count(Trait trait) {
        return everybody.stream().filter(known -> has(known, trait)).count();
    }

    /** Asked of everybody there is. */
    private boolean has(Case known, Trait trait) {
        String its = trait.label == null ? known.version() : labels(known).get(trait.label);
        return its != null && trait.value.equals(Spoken.clean(its));
    }

    private Set<Trait> traits(Case known) {
        Set<Trait> traits = new HashSet<>();
        String version = known.version();
        if (version != null) {
            traits.add(new Trait(null, Spoken.clean(version)));
        }
        labels(known).forEach((key, value) -> traits.add(new Trait(key, Spoken.clean(value))));
        return traits;
    }

    private Map<String, String> labels(Case known) {
        return Objects.requireNonNullElse(labels.of(known.key()), Map.of());
    }
}
