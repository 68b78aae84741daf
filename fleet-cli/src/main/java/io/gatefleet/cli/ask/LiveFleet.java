package io.gatefleet.cli.ask;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatefleet.cli.ask.ServerEvents.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The picture of a fleet as it comes of an aggregator's events, fields of a newer one included. Times are monotonic
 * nanoseconds, given with each call.
 */
public final class LiveFleet {
    private static final String INSTANCE = "instance/";
    private static final String PROBLEM = "problem/";

    private Map<String, Told> known = new TreeMap<>();
    private @Nullable List<JsonNode> fresh;
    private Told observer = new Told(JsonNodeFactory.instance.objectNode(), 0);
    private boolean whole;

    /** @param at when its ages were what they say */
    private record Told(ObjectNode item, long at) {}

    /** A connection begins: what was not whole is told anew. */
    void connected() {
        fresh = null;
    }

    /** @return whether there is something new to be seen */
    boolean take(Event event, long now) {
        switch (event.type()) {
            case "snapshot" -> {
                List<JsonNode> items = fresh == null ? new ArrayList<>() : fresh;
                event.data().path("items").forEach(items::add);
                fresh = items;
                return false;
            }
            case "synced" -> {
                List<JsonNode> items = fresh;
                if (items != null) {
                    known = new TreeMap<>();
                    items.forEach(item -> put(item, now));
                }
                fresh = null;
                whole = true;
                observed(event, now);
                return true;
            }
            case "alive" -> {
                observed(event, now);
                return false;
            }
            default -> {
                put(event.data(), now);
                return whole;
            }
        }
    }

    /** Whether there is anything to be shown. */
    boolean isWhole() {
        return whole;
    }

    private void put(JsonNode told, long now) {
        String key = told.path("key").asText();
        if (told.path("item") instanceof ObjectNode item) {
            long agoNanos = TimeUnit.MILLISECONDS.toNanos(told.path("agoMillis").asLong());
            known.put(key, new Told(item, now - agoNanos));
        } else {
            known.remove(key);
        }
    }

    private void observed(Event event, long now) {
        if (event.data() instanceof ObjectNode said) {
            observer = new Told(said, now);
        }
    }

    /** What {@code GET /v1/fleet/health} would answer now. */
    public ObjectNode health(long now) {
        ObjectNode health = JsonNodeFactory.instance.objectNode();
        Told fleet = known.get("fleet");
        if (fleet != null) {
            health.setAll(fleet.item);
        }
        ArrayNode problems = health.putArray("problems");
        // Their keys are in the order in which they are to be dealt with.
        those(PROBLEM).forEach(told -> problems.add(aged(told, now)));
        health.set("observer", aged(observer, now));
        return health;
    }

    /** What {@code GET /v1/fleet/instances} would answer now, but for when each node was heard last, which is no event. */
    public ArrayNode instances(long now) {
        ArrayNode instances = JsonNodeFactory.instance.arrayNode();
        those(INSTANCE).forEach(told -> {
            ObjectNode instance = told.item.deepCopy();
            if (instance.path("verdict") instanceof ObjectNode verdict) {
                instance.set("verdict", aged(new Told(verdict, told.at), now));
            }
            instances.add(instance);
        });
        return instances;
    }

    private List<Told> those(String prefix) {
        List<Told> those = new ArrayList<>();
        known.forEach((key, told) -> {
            if (key.startsWith(prefix)) {
                those.add(told);
            }
        });
        return those;
    }

    /** With the ages of now. */
    private static ObjectNode aged(Told told, long now) {
        ObjectNode older = told.item.deepCopy();
        long by = Math.max(0, TimeUnit.NANOSECONDS.toMillis(now - told.at));
        for (String age : List.of("sinceMillisAgo", "startedMillisAgo", "pictureAgeMillis", "clockJumpedMillisAgo")) {
            if (older.path(age).isNumber()) {
                older.put(age, older.path(age).asLong() + by);
            }
        }
        return older;
    }
}
