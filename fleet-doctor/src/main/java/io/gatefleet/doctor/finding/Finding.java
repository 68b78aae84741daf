package io.gatefleet.doctor.finding;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong. Holds no secret.
 *
 * @param code kebab-case; added to, never renamed
 * @param severity how urgent
 * @param certainty of a prediction how sure it is; null: it is so
 * @param subjects names of the gateways, or whatever else it is about
 * @param evidence where it can be seen: a file and key, a pid, a port
 * @param meaning what happens because of it, for a person
 * @param fix commands, in this order; what stands behind {@code #} is for the person
 */
public record Finding(
        String code,
        Severity severity,
        @Nullable Certainty certainty,
        List<String> subjects,
        List<String> evidence,
        String meaning,
        List<String> fix) {
    public Finding {
        subjects = List.copyOf(subjects);
        evidence = List.copyOf(evidence);
        fix = List.copyOf(fix);
    }

    /** One that is so, rather than will be. */
    static Finding of(
            String code,
            Severity severity,
            List<String> subjects,
            List<String> evidence,
            String meaning,
            List<String> fix) {
        return new Finding(code, severity, null, subjects, evidence, meaning, fix);
    }
}
