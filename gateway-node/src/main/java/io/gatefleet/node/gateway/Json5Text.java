package io.gatefleet.node.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.gatefleet.contract.BadInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON5 document that is changed where it must be and nowhere else: comments, order, quotes and spaces of its author
 * stay. Immutable. (A library that reads JSON5 into a tree and writes it back loses all of these, or did not read
 * {@code 1e3}.)
 */
public final class Json5Text {
    private static final JsonFactory JSON5 = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .enable(JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS)
            .enable(JsonReadFeature.ALLOW_LEADING_DECIMAL_POINT_FOR_NUMBERS)
            .enable(JsonReadFeature.ALLOW_TRAILING_DECIMAL_POINT_FOR_NUMBERS)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            // What hexadecimal numbers are given to it as; JSON5 itself has none.
            .enable(JsonReadFeature.ALLOW_LEADING_ZEROS_FOR_NUMBERS)
            .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .build();

    private static final String INDENT = "  ";

    private final String text;
    private final Span root;

    /**
     * A value and where it stands.
     *
     * @param name where the member's name begins; of the root and of list items where the value does
     * @param start of its first character
     * @param end after its last one
     * @param scalar null for objects and lists
     * @param members null for all but objects; of a name that stands there twice the last one, as JavaScript reads it
     */
    private record Span(
            int name,
            int start,
            int end,
            @Nullable JsonNode scalar,
            @Nullable Map<String, Span> members) {}

    private Json5Text(String text, Span root) {
        this.text = text;
        this.root = root;
    }

    /** What reads JSON5, as a factory for trees that are not written back. Its complaints quote the text: never show them. */
    public static JsonFactory factory() {
        return JSON5.copy();
    }

    /**
     * @param name of the document, for the complaint
     * @throws BadInput with line and column if it is not one JSON5 object
     */
    static Json5Text parse(String name, String text) {
        String clean = text.startsWith("\uFEFF") ? text.substring(1) : text;
        try (JsonParser parser = JSON5.createParser(HexNumbers.inDecimal(clean))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new BadInput(name, parser.currentToken(), "a JSON5 object");
            }
            Span root = span(parser);
            if (parser.nextToken() != null) {
                throw new BadInput(name, place(parser), "nothing after the object's end");
            }
            return new Json5Text(clean, root);
        } catch (JsonProcessingException wrong) {
            // Without Jackson's own message, which quotes what it stumbled over: that may be a secret.
            var place = wrong.getLocation();
            String where = place == null ? "" : " at line " + place.getLineNr() + ", column " + place.getColumnNr();
            throw new BadInput(name, "unreadable" + where, "JSON5");
        } catch (IOException impossible) {
            throw new UncheckedIOException("reading from memory failed", impossible);
        }
    }

    /** The names in the object at a path; empty if there is none. */
    List<String> names(List<String> path) {
        return find(path)
                .map(Span::members)
                .map(members -> List.copyOf(members.keySet()))
                .orElse(List.of());
    }

    /** Whether anything stands at a path. */
    boolean has(List<String> path) {
        return find(path).isPresent();
    }

    /** The string, number, boolean or null at a path; empty if there is nothing, or an object or list. */
    Optional<JsonNode> scalar(List<String> path) {
        return find(path).map(Span::scalar);
    }

    /** The value's own text at a path. */
    Optional<String> raw(List<String> path) {
        return find(path).map(span -> text.substring(span.start, span.end));
    }

    /**
     * The document with this value at this path; objects on the way to it are made.
     *
     * @throws BadInput if something else than an object stands on the way
     */
    Json5Text with(List<String> path, JsonNode value) {
        Span parent = root;
        for (int depth = 0; depth < path.size(); depth++) {
            Map<String, Span> members = parent.members();
            if (members == null) {
                String stands = text.substring(parent.start, parent.end);
                throw new BadInput(String.join(".", path.subList(0, depth)), stands, "an object");
            }
            Span next = members.get(path.get(depth));
            if (next == null) {
                return inserted(parent, depth, path, value);
            }
            parent = next;
        }
        return parse("configuration", text.substring(0, parent.start) + value + text.substring(parent.end));
    }

    /** As the first member, right after the brace: so no comma and no comment of its author has to be moved. */
    private Json5Text inserted(Span parent, int depth, List<String> path, JsonNode value) {
        String nested = value.toString();
        for (int i = path.size() - 1; i > depth; i--) {
            nested = "{\n" + INDENT.repeat(i + 1) + quoted(path.get(i)) + ": " + nested + "\n" + INDENT.repeat(i) + "}";
        }
        String member = quoted(path.get(depth)) + ": " + nested;
        boolean empty = parent.members() == null || parent.members().isEmpty();
        String line = "\n" + INDENT.repeat(depth + 1);
        String after = empty ? "\n" + INDENT.repeat(depth) : ",";
        int brace = parent.start + 1;
        boolean oneLine = !empty && text.substring(parent.start, parent.end).indexOf('\n') < 0;
        String insertion = oneLine ? member + ", " : line + member + after;
        return parse("configuration", text.substring(0, brace) + insertion + text.substring(brace));
    }

    /** The document without the member at this path, and without the objects that are empty then. */
    Json5Text without(List<String> path) {
        Optional<Span> member = find(path);
        if (member.isEmpty() || path.isEmpty()) {
            return this;
        }
        int end = comma(member.get().end());
        Json5Text shorter =
                parse("configuration", text.substring(0, lineStart(member.get().name())) + text.substring(end));
        List<String> parent = path.subList(0, path.size() - 1);
        return shorter.find(parent).map(Span::members).map(Map::isEmpty).orElse(false)
                ? shorter.without(parent)
                : shorter;
    }

    /** Behind the comma that follows, if one does; a comma that stays before the end is fine in JSON5. */
    private int comma(int end) {
        int at = end;
        while (at < text.length()) {
            if (text.startsWith("/*", at)) {
                at = text.indexOf("*/", at) + 2;
            } else if (text.startsWith("//", at)) {
                at = text.indexOf('\n', at);
            } else if (Character.isWhitespace(text.charAt(at))) {
                at++;
            } else {
                return text.charAt(at) == ',' ? at + 1 : end;
            }
        }
        return end;
    }

    /** The line break before, where nothing else stands in the line. */
    private int lineStart(int name) {
        int at = name;
        while (at > 0 && (text.charAt(at - 1) == ' ' || text.charAt(at - 1) == '\t')) {
            at--;
        }
        return at > 0 && text.charAt(at - 1) == '\n' ? at - 1 : name;
    }

    private static String quoted(String name) {
        return JsonNodeFactory.instance.textNode(name).toString();
    }

    private Optional<Span> find(List<String> path) {
        Span span = root;
        for (String name : path) {
            Map<String, Span> members = span.members();
            Span next = members == null ? null : members.get(name);
            if (next == null) {
                return Optional.empty();
            }
            span = next;
        }
        return Optional.of(span);
    }

    /** The value whose first token is the parser's current one. */
    private static Span span(JsonParser parser) throws IOException {
        return span(parser, Math.toIntExact(parser.currentTokenLocation().getCharOffset()));
    }

    private static Span span(JsonParser parser, int begins) throws IOException {
        int start = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
        JsonToken token = parser.currentToken();
        JsonNode scalar = null;
        Map<String, Span> members = null;
        if (token == JsonToken.START_OBJECT) {
            members = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                int nameBegins = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
                parser.nextToken();
                members.put(name, span(parser, nameBegins));
            }
        } else if (token == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                span(parser);
            }
        } else {
            scalar = scalar(parser, token);
        }
        return new Span(begins, start, Math.toIntExact(parser.currentLocation().getCharOffset()), scalar, members);
    }

    /** Reading the value also moves the parser to its end; a string is not read before. */
    private static JsonNode scalar(JsonParser parser, JsonToken token) throws IOException {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (token) {
            case VALUE_STRING -> nodes.textNode(parser.getText());
            case VALUE_TRUE, VALUE_FALSE -> nodes.booleanNode(parser.getBooleanValue());
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.INT
                        ? nodes.numberNode(parser.getIntValue())
                        : nodes.numberNode(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> nodes.numberNode(parser.getDoubleValue());
            default -> nodes.nullNode();
        };
    }

    private static String place(JsonParser parser) {
        var place = parser.currentTokenLocation();
        return "line " + place.getLineNr() + ", column " + place.getColumnNr();
    }

    @Override
    public String toString() {
        return text;
    }
}
