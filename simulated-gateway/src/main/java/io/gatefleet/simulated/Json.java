package io.gatefleet.simulated;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON and the parts of JSON5 that people write by hand: comments, trailing commas, single quotes, names without
 * quotes. Small on purpose: a JSON library would double the time in which a simulated gateway starts.
 */
final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /**
     * @return maps, lists, strings, doubles, booleans and null
     * @throws IllegalArgumentException with the place where the text ends to be JSON
     */
    static @Nullable Object read(String text) {
        Json json = new Json(text);
        Object value = json.value(0);
        if (json.peek() != 0) {
            throw json.wrong("the end");
        }
        return value;
    }

    /** The object's member at a path of names; null where there is none. */
    static @Nullable Object at(@Nullable Object value, String... path) {
        for (String name : path) {
            value = value instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return value;
    }

    static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append("\\u%04x".formatted((int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    private @Nullable Object value(int depth) {
        if (depth > 64) {
            throw wrong("less depth");
        }
        char next = peek();
        switch (next) {
            case '{' -> {
                return object(depth);
            }
            case '[' -> {
                return list(depth);
            }
            case '"', '\'' -> {
                return string();
            }
            default -> {
                return word();
            }
        }
    }

    private Map<String, @Nullable Object> object(int depth) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        at++;
        while (peek() != '}') {
            String name = peek() == '"' || peek() == '\'' ? string() : name();
            expect(':');
            members.put(name, value(depth + 1));
            if (peek() != '}') {
                expect(',');
            }
        }
        at++;
        return members;
    }

    private List<@Nullable Object> list(int depth) {
        List<@Nullable Object> items = new ArrayList<>();
        at++;
        while (peek() != ']') {
            items.add(value(depth + 1));
            if (peek() != ']') {
                expect(',');
            }
        }
        at++;
        return items;
    }

    private String string() {
        char quote = text.charAt(at++);
        StringBuilder string = new StringBuilder();
        while (at < text.length() && text.charAt(at) != quote) {
            char c = text.charAt(at++);
            string.append(c == '\\' && at < text.length() ? escaped(text.charAt(at++)) : String.valueOf(c));
        }
        if (at++ >= text.length()) {
            throw wrong("a closing " + quote);
        }
        return string.toString();
    }

    private String escaped(char c) {
        switch (c) {
            case 'n' -> {
                return "\n";
            }
            case 't' -> {
                return "\t";
            }
            case 'r' -> {
                return "\r";
            }
            case '\n' -> {
                return "";
            }
            case 'u' -> {
                if (at + 4 > text.length()) {
                    throw wrong("four hexadecimal digits");
                }
                at += 4;
                return String.valueOf((char) Integer.parseInt(text.substring(at - 4, at), 16));
            }
            default -> {
                return String.valueOf(c);
            }
        }
    }

    private String name() {
        int start = at;
        while (at < text.length() && (Character.isJavaIdentifierPart(text.charAt(at)) || text.charAt(at) == '-')) {
            at++;
        }
        if (at == start) {
            throw wrong("a name");
        }
        return text.substring(start, at);
    }

    private @Nullable Object word() {
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "+-.".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        String word = text.substring(start, at);
        switch (word) {
            case "null" -> {
                return null;
            }
            case "true" -> {
                return true;
            }
            case "false" -> {
                return false;
            }
            default -> {
                try {
                    return Double.valueOf(word);
                } catch (NumberFormatException noNumber) {
                    at = start;
                    throw wrong("a value");
                }
            }
        }
    }

    private void expect(char wanted) {
        if (peek() != wanted) {
            throw wrong(String.valueOf(wanted));
        }
        at++;
    }

    /** The next character that is neither space nor comment; 0 at the end. */
    private char peek() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c) || c == '\uFEFF') {
                at++;
            } else if (text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                at = end < 0 ? text.length() : end + 2;
            } else {
                return c;
            }
        }
        return 0;
    }

    private IllegalArgumentException wrong(String expected) {
        long line = text.substring(0, Math.min(at, text.length())).lines().count();
        return new IllegalArgumentException("line " + Math.max(1, line) + ": expected " + expected);
    }
}
