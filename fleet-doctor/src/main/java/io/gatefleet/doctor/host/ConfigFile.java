package io.gatefleet.doctor.host;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gatefleet.doctor.census.ConfigTree;
import io.gatefleet.node.gateway.Json5Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A gateway's configuration file, with what it includes.
 *
 * @param tree nothing, if the file is absent or broken. May hold secrets: it must not outlive the reading
 * @param trouble why it could not be understood; null: it was, or there is no file
 */
record ConfigFile(ConfigTree tree, @Nullable String trouble) {
    private static final String INCLUDE = "$include";
    private static final int DEEPEST = 10;

    private static final ObjectMapper JSON5 = JsonMapper.builder(Json5Text.factory())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static ConfigFile read(Rooted host, String path) {
        Optional<byte[]> bytes = host.bytes(path);
        if (bytes.isEmpty()) {
            // One that only we may not read is no fault of the gateway; it is remembered as unseen.
            boolean tooLong = host.isFile(path) && Files.isReadable(host.at(path));
            return new ConfigFile(ConfigTree.NOTHING, tooLong ? "longer than 4 MiB" : null);
        }
        try {
            return new ConfigFile(ConfigTree.of(included(host, path, parse(bytes.get()), 0)), null);
        } catch (JsonProcessingException broken) {
            return new ConfigFile(ConfigTree.NOTHING, where(broken) + "not JSON5");
        } catch (IOException broken) {
            return new ConfigFile(ConfigTree.NOTHING, String.valueOf(broken.getMessage()));
        }
    }

    /** Of a small JSON object, without includes; nothing if it is none. */
    static ConfigTree json(String text) {
        try {
            return ConfigTree.of(parse(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException broken) {
            return ConfigTree.NOTHING;
        }
    }

    private static @Nullable Object parse(byte[] bytes) throws IOException {
        return JSON5.readValue(bytes, Object.class);
    }

    /** Never the parser's message: it quotes the text, and there may be a token in it. */
    private static String where(JsonProcessingException broken) {
        return broken.getLocation() == null
                ? ""
                : "line " + broken.getLocation().getLineNr() + ", column "
                        + broken.getLocation().getColumnNr() + ": ";
    }

    /** {@code $include} takes in a file or several, the later over the earlier; what stands beside it goes over them. */
    private static @Nullable Object included(Rooted host, String file, @Nullable Object value, int depth)
            throws IOException {
        if (depth > DEEPEST) {
            throw new IOException("includes more than " + DEEPEST + " deep");
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> elements = new ArrayList<>();
            for (Object element : list) {
                elements.add(included(host, file, element, depth));
            }
            return elements;
        }
        if (!(value instanceof Map<?, ?> map)) {
            return value;
        }
        Map<String, @Nullable Object> own = new LinkedHashMap<>();
        for (Map.Entry<?, ?> member : map.entrySet()) {
            if (!INCLUDE.equals(member.getKey())) {
                own.put(String.valueOf(member.getKey()), included(host, file, member.getValue(), depth));
            }
        }
        Object include = map.get(INCLUDE);
        if (include == null) {
            return own;
        }
        @Nullable Object merged = null;
        for (Object name : include instanceof List<?> names ? names : List.of(include)) {
            String path = beside(file, String.valueOf(name));
            byte[] bytes =
                    host.bytes(path).orElseThrow(() -> new IOException("includes " + path + ", which is not there"));
            try {
                merged = over(merged, included(host, path, parse(bytes), depth + 1));
            } catch (JsonProcessingException broken) {
                throw new IOException("includes " + path + ", " + where(broken) + "not JSON5");
            }
        }
        return own.isEmpty() ? merged : over(merged, own);
    }

    private static String beside(String file, String name) {
        Path parent = Path.of(file).getParent();
        return parent == null ? name : parent.resolve(name).normalize().toString();
    }

    /** As the families merge: objects member by member, lists one behind the other, else the later one. */
    private static @Nullable Object over(@Nullable Object earlier, @Nullable Object later) {
        if (earlier instanceof List<?> one && later instanceof List<?> other) {
            List<@Nullable Object> both = new ArrayList<>(one);
            both.addAll(other);
            return both;
        }
        if (!(earlier instanceof Map<?, ?> one) || !(later instanceof Map<?, ?> other)) {
            return later;
        }
        Map<String, @Nullable Object> both = new LinkedHashMap<>();
        one.forEach((name, value) -> both.put(String.valueOf(name), value));
        other.forEach((name, value) -> both.put(String.valueOf(name), over(both.get(String.valueOf(name)), value)));
        return both;
    }
}
