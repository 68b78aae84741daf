package io.gatefleet.doctor.census;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A node of a gateway's configuration: an object, a list, a text, a number, a switch, or nothing. Asking for what is not
 * there, or is of another kind, is no error: gateways pass over it too.
 */
public final class ConfigTree {
    public static final ConfigTree NOTHING = new ConfigTree(null);

    private final @Nullable Object value;

    private ConfigTree(@Nullable Object value) {
        this.value = value;
    }

    /** @param value of maps with text keys, lists, texts, numbers and booleans */
    public static ConfigTree of(@Nullable Object value) {
        return value == null ? NOTHING : new ConfigTree(value);
    }

    /** @param path names of objects' members, separated by dots */
    public ConfigTree at(String path) {
        ConfigTree node = this;
        for (String name : path.split("\\.", -1)) {
            node = node.value instanceof Map<?, ?> map ? of(map.get(name)) : NOTHING;
        }
        return node;
    }

    public boolean isPresent() {
        return value != null;
    }

    /** A text that is not blank, without the blanks around it. */
    public Optional<String> text() {
        return value instanceof String text && !text.isBlank() ? Optional.of(text.strip()) : Optional.empty();
    }

    /** A whole number of at most nine digits. */
    public Optional<Integer> number() {
        if (value instanceof Number number && number.doubleValue() == number.intValue()) {
            return Optional.of(number.intValue());
        }
        return Optional.empty();
    }

    public boolean is(boolean wanted) {
        return Boolean.valueOf(wanted).equals(value);
    }

    /** A scalar as a person would write it; empty for objects and lists. */
    public Optional<String> written() {
        return value instanceof String || value instanceof Number || value instanceof Boolean
                ? Optional.of(String.valueOf(value).strip())
                : Optional.empty();
    }

    /** What is known of a secret that stands here. */
    public Secret secret() {
        if (value == null) {
            return Secret.ABSENT;
        }
        if (value instanceof String text) {
            return text.isBlank()
                    ? Secret.EMPTY
                    : text.strip().matches("\\$\\{[^}]+}") ? Secret.REFERENCE : Secret.PRESENT;
        }
        return value instanceof Map ? Secret.REFERENCE : Secret.PRESENT;
    }

    /** Of an object its members, in order. */
    public Map<String, ConfigTree> members() {
        Map<String, ConfigTree> members = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, member) -> members.put(String.valueOf(name), of(member)));
        }
        return members;
    }

    /** Of a list its elements. */
    public List<ConfigTree> elements() {
        return value instanceof List<?> list ? list.stream().map(ConfigTree::of).toList() : List.of();
    }
}
