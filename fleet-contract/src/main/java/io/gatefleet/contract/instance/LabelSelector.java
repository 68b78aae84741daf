package io.gatefleet.contract.instance;

import io.gatefleet.contract.BadInput;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which labels are wanted: requirements that must all hold, written as in Kubernetes, so that nobody has to learn another
 * grammar: {@code team=a, zone in (north, west), !old}.
 *
 * <pre>
 *   KEY           it is there                KEY=VALUE, KEY==VALUE   it is that
 *   !KEY          it is not there            KEY!=VALUE              it is something else, or not there
 *   KEY in (A,B)  it is one of those         KEY notin (A,B)         it is none of those, or not there
 * </pre>
 *
 * <p>A value may hold anything; one that holds a comma, a parenthesis or a quotation mark, or begins or ends with a space,
 * stands in quotation marks: {@code note="a, b"}.
 *
 * @param requirements at most 32; none: every instance is wanted
 */
public record LabelSelector(List<Requirement> requirements) implements Predicate<Map<String, String>> {
    /** Wants everybody. */
    public static final LabelSelector ALL = new LabelSelector(List.of());

    private static final int MOST_REQUIREMENTS = 32;
    private static final int MOST_VALUES = 64;

    /** What is asked of one key. */
    public enum Relation {
        PRESENT,
        ABSENT,
        IN,
        NOT_IN
    }

    /**
     * One requirement.
     *
     * @param values 1 to 64 for {@link Relation#IN} and {@link Relation#NOT_IN}, none for the others
     */
    public record Requirement(String key, Relation relation, Set<String> values) {
        public Requirement {
            RegisterInstance.checkLabelKey(key);
            values = Set.copyOf(values);
            boolean compares = relation == Relation.IN || relation == Relation.NOT_IN;
            int least = compares ? 1 : 0;
            int most = compares ? MOST_VALUES : 0;
            if (values.size() < least || values.size() > most) {
                throw new BadInput("label", values.size() + " values of " + key, least + " to " + most);
            }
        }

        boolean holds(Map<String, String> labels) {
            String value = labels.get(key);
            return switch (relation) {
                case PRESENT -> value != null;
                case ABSENT -> value == null;
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
            };
        }
    }

    public LabelSelector {
        if (requirements.size() > MOST_REQUIREMENTS) {
            throw new BadInput("label", requirements.size() + " requirements", "at most " + MOST_REQUIREMENTS);
        }
        requirements = List.copyOf(requirements);
    }

    /**
     * Reads one.
     *
     * @throws BadInput that quotes what cannot be read
     */
    public static LabelSelector parse(String text) {
        return new LabelSelector(new SelectorText(text).requirements());
    }

    /**
     * Reads several, of which all must hold.
     *
     * @throws BadInput that quotes what cannot be read
     */
    public static LabelSelector parse(Collection<String> texts) {
        List<Requirement> all = new ArrayList<>();
        texts.forEach(text -> all.addAll(parse(text).requirements()));
        return new LabelSelector(all);
    }

    @Override
    public boolean test(Map<String, String> labels) {
        for (Requirement requirement : requirements) {
            if (!requirement.holds(labels)) {
                return false;
            }
        }
        return true;
    }
}
