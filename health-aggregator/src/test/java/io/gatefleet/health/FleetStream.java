package io.gatefleet.health;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Watches a fleet, as a page does: a stream of server-sent events and the copy of the picture that comes of it. */
final class FleetStream implements AutoCloseable {
    /**
     * One event.
     *
     * @param at when it was read, in nanoseconds of this process
     */
    record Event(String id, String name, JsonObject data, long at) {}

    final List<Event> events = new CopyOnWriteArrayList<>();
    final Map<String, JsonObject> copy = new ConcurrentSkipListMap<>();
    volatile boolean synced;
    private final Thread reader;

    FleetStream(URI uri) {
        reader = new Thread(() -> read(uri), "watch");
        reader.setDaemon(true);
        reader.start();
    }

    /** What it has under a key that it has. */
    JsonObject item(String key) {
        return Objects.requireNonNull(copy.get(key), key);
    }

    /** The verdict of an instance in its copy; empty if it does not have it. */
    String verdict(String instance) {
        JsonObject item = copy.get("instance/" + instance);
        return item == null ? "" : item.getJsonObject("verdict").getString("state");
    }

    @Override
    public void close() {
        reader.interrupt();
    }

    private void read(URI uri) {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Accept", "text/event-stream")
                .build();
        String[] part = {"", "", ""};
        try (java.util.stream.Stream<String> lines =
                HttpClient.newHttpClient().send(request, BodyHandlers.ofLines()).body()) {
            lines.forEach(line -> line(part, line));
        } catch (java.io.IOException | java.io.UncheckedIOException | InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private void line(String[] part, String line) {
        if (line.startsWith("id: ")) {
            part[0] = line.substring(4);
        } else if (line.startsWith("event: ")) {
            part[1] = line.substring(7);
        } else if (line.startsWith("data: ")) {
            part[2] = line.substring(6);
        } else if (line.isEmpty() && !part[2].isEmpty()) {
            take(new Event(part[0], part[1], new JsonObject(part[2]), System.nanoTime()));
            part[0] = "";
            part[1] = "";
            part[2] = "";
        }
    }

    private void take(Event event) {
        JsonArray items = event.data().getJsonArray("items");
        if (items != null) {
            items.forEach(item -> put((JsonObject) item));
        } else if (event.data().containsKey("key")) {
            put(event.data());
        }
        synced |= event.name().equals("synced");
        events.add(event);
    }

    private void put(JsonObject event) {
        JsonObject item = event.getJsonObject("item");
        if (item == null) {
            copy.remove(event.getString("key"));
        } else {
            copy.put(event.getString("key"), item);
        }
    }
}
