package io.gatefleet.contract.instance;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.instance.LabelSelector.Relation;
import io.gatefleet.contract.instance.LabelSelector.Requirement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads the text of a {@link LabelSelector}, from left to right, once. */
final class SelectorText {
    private static final String EXPECTED =
            "KEY, !KEY, KEY=VALUE, KEY!=VALUE, KEY in (A,B) or KEY notin (A,B), with commas between several";

    private static final int LONGEST = 4096;
    private static final int SHOWN = 120;

    private final String text;
    private int at;

    SelectorText(String text) {
        this.text = text;
    }

    List<Requirement> requirements() {
        if (text.length() > LONGEST) {
            throw new BadInput("label", text.length() + " characters", "at most " + LONGEST);
        }
        List<Requirement> all = new ArrayList<>();
        do {
            all.add(requirement());
        } while (take(","));
        if (at < text.length()) {
            throw bad();
        }
        return all;
    }

    private Requirement requirement() {
        if (take("!")) {
            return new Requirement(key(), Relation.ABSENT, Set.of());
        }
        String key = key();
        if (take("==") || take("=")) {
            return new Requirement(key, Relation.IN, Set.of(value()));
        }
        if (take("!=")) {
            return new Requirement(key, Relation.NOT_IN, Set.of(value()));
        }
        if (take("notin")) {
            return new Requirement(key, Relation.NOT_IN, values());
        }
        if (take("in")) {
            return new Requirement(key, Relation.IN, values());
        }
        return new Requirement(key, Relation.PRESENT, Set.of());
    }

    private String key() {
        skipSpace();
        int from = at;
        while (at < text.length() && isOfKey(text.charAt(at))) {
            at++;
        }
        if (at == from) {
            throw bad();
        }
        return text.substring(from, at);
    }

    private Set<String> values() {
        if (!take("(")) {
            throw bad();
        }
        Set<String> values = new LinkedHashSet<>();
        do {
            values.add(value());
        } while (take(","));
        if (!take(")")) {
            throw bad();
        }
        return values;
    }

    private String value() {
        skipSpace();
        if (at < text.length() && text.charAt(at) == '"') {
            return quoted();
        }
        int from = at;
        while (at < text.length() && ",()\"".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(from, at).strip();
    }

    private String quoted() {
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return value.toString();
            }
            if (c == '\\' && at + 1 < text.length()) {
                at++;
                c = text.charAt(at);
            }
            value.append(c);
        }
        throw bad();
    }

    /** Passes over a sign, or a word that ends there. */
    private boolean take(String sign) {
        skipSpace();
        int end = at + sign.length();
        boolean word = Character.isLetter(sign.charAt(0));
        if (!text.startsWith(sign, at) || (word && end < text.length() && isOfKey(text.charAt(end)))) {
            return false;
        }
        at = end;
        return true;
    }

    private void skipSpace() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private static boolean isOfKey(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "._/-".indexOf(c) >= 0;
    }

    private BadInput bad() {
        String shown = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
        return new BadInput("label", "%s, at character %d".formatted(shown, at + 1), EXPECTED);
    }
}
