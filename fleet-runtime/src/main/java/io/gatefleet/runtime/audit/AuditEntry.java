package io.gatefleet.runtime.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was asked or that came of it. Texts are shortened to 300 characters and facts to 16, and lose their
 * control characters, rather than refused: what is strange is worth an entry most of all. Never hold a secret in one.
 *
 * @param who asked: a token's name, or what the asker calls itself
 * @param from the address that it asked from; null where nobody did, as when a deadline passes
 * @param action kebab-case, for example {@code command-asked}
 * @param subject on whom: {@code HOST/INSTANCE}, or a path
 * @param outcome kebab-case: {@code asked}, {@code done}, {@code refused}, …
 * @param facts whatever else is to be known of it, by name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AuditEntry(
        String who, @Nullable String from, String action, String subject, String outcome, Map<String, String> facts) {
    static final int LONGEST_TEXT = 300;
    static final int MOST_FACTS = 16;

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

    public AuditEntry {
        who = clean(who);
        from = from == null ? null : clean(from);
        action = clean(action);
        subject = clean(subject);
        outcome = clean(outcome);
        Map<String, String> kept = new TreeMap<>();
        for (Map.Entry<String, String> fact : new TreeMap<>(facts).entrySet()) {
            if (kept.size() < MOST_FACTS) {
                kept.put(clean(fact.getKey()), clean(fact.getValue()));
            }
        }
        facts = Collections.unmodifiableMap(kept); // in this order
    }

    private static String clean(String text) {
        String line = CONTROL.matcher(text).replaceAll(" ").strip();
        return line.length() <= LONGEST_TEXT ? line : line.substring(0, LONGEST_TEXT) + "…";
    }
}
