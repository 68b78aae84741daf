package io.gatefleet.node.gateway;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/** Takes secrets out of text that leaves the instance's home: log lines in reports. Rather too much than too little. */
final class Redaction {
    private static final String GONE = "[redacted]";

    /** {@code token=…}, {@code "apiKey": "…"}, {@code Authorization: Bearer …}: the name stays, the value goes. */
    private static final Pattern NAMED = Pattern.compile(
            "(?i)((?:[a-z0-9_-]*(?:token|passw(?:or)?d|secret|api[_-]?key|credential|cookie)[\"']?\\s*[:=]\\s*)"
                    + "|(?:authorization[\"']?\\s*[:=]\\s*)|(?:bearer\\s+))"
                    + "(?:bearer\\s+)?(?:\"[^\"]*\"?|'[^']*'?|[^\\s,;}&]+)");

    /** {@code sk-…}, {@code ghp_…}, {@code xoxb-…}, bot tokens with a colon, and JSON web tokens. */
    private static final Pattern SHAPED =
            Pattern.compile("\\b(?:sk|pk|rk|ghp|gho|ghs|github_pat|xox[a-z]|AIza)[-_]?[A-Za-z0-9_-]{12,}"
                    + "|\\b\\d{6,12}:[A-Za-z0-9_-]{30,}|\\beyJ[A-Za-z0-9_-]{10,}(?:\\.[A-Za-z0-9_-]+){1,2}");

    /** What nobody writes by hand: 32 or more hexadecimal digits, or 40 letters and digits in a row with both in it. */
    private static final Pattern RANDOM =
            Pattern.compile("\\b[0-9a-fA-F]{32,}\\b|(?<![A-Za-z0-9+/_-])(?=[A-Za-z+_-]*\\d)[A-Za-z0-9+_-]{40,}={0,2}");

    private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/@\\s]+@");
    private static final Pattern ANSI = Pattern.compile("\u001B\\[[0-9;?]*[ -/]*[@-~]");

    private static final Pattern KEY_BEGINS = Pattern.compile("-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----");
    private static final Pattern KEY_ENDS = Pattern.compile("-----END [A-Z0-9 ]*PRIVATE KEY-----");

    /** Longer lines are cut, before it is looked at them: whoever prints megabytes without a break says nothing. */
    private static final int LONGEST_LINE = 8 * 1024;

    /** What a cut may have left of a secret is taken away with it. */
    private static final int LONGEST_SECRET = 512;

    private Redaction() {}

    /** Many lines in their order, private keys over several lines among them. */
    static List<String> of(List<String> lines, Collection<String> secrets) {
        List<String> clean = new ArrayList<>();
        boolean key = false;
        for (String line : lines) {
            boolean begins = KEY_BEGINS.matcher(line).find();
            boolean ends = KEY_ENDS.matcher(line).find();
            clean.add(key || begins || ends ? GONE : one(line, secrets));
            key = !ends && (key || begins);
        }
        return clean;
    }

    private static String one(String line, Collection<String> secrets) {
        boolean cut = line.length() > LONGEST_LINE;
        String clean = of(cut ? line.substring(0, LONGEST_LINE) : line, secrets);
        return cut ? clean.substring(0, Math.max(0, clean.length() - LONGEST_SECRET)) + "…" : clean;
    }

    /**
     * @param secret what must not appear whatever it looks like; empty: nothing special
     * @return one line, without control characters
     */
    static String of(String text, String secret) {
        return of(text, List.of(secret));
    }

    private static String of(String text, Collection<String> secrets) {
        String clean =
                ANSI.matcher(text).replaceAll("").replaceAll("\\p{Cntrl}+", " ").strip();
        for (String secret : secrets) {
            if (!secret.isEmpty()) {
                clean = clean.replace(secret, GONE);
            }
        }
        clean = USER_INFO.matcher(clean).replaceAll(GONE + "@");
        clean = NAMED.matcher(clean).replaceAll("$1" + GONE);
        clean = SHAPED.matcher(clean).replaceAll(GONE);
        return RANDOM.matcher(clean).replaceAll(GONE);
    }
}
