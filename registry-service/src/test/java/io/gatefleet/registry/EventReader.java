package io.gatefleet.registry;

import io.gatefleet.contract.watch.Revision;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.RecordParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Reads a stream of server-sent events as browsers do, and keeps the copy that it makes. */
final class EventReader {
    /** One event. */
    record Event(@Nullable Revision id, String name, JsonObject data) {}

    final List<Event> events = new CopyOnWriteArrayList<>();
    final List<String> comments = new CopyOnWriteArrayList<>();
    final Map<String, JsonObject> copy = new ConcurrentSkipListMap<>();
    /** What was told that must not be told. */
    final List<String> faults = new CopyOnWriteArrayList<>();
    /** Whether every change is its own, so that none may be missing. */
    boolean gapless;

    private final HttpClient client;
    private final int port;
    volatile @Nullable Revision last;
    volatile boolean synced;
    volatile boolean open;
    volatile int status;
    private @Nullable String id;
    private String name = "";
    private String data = "";
    private @Nullable HttpClientResponse response;
    private @Nullable Runnable over;

    EventReader(Vertx vertx, int port) {
        this.client = vertx.createHttpClient();
        this.port = port;
    }

    /** Connects, from where it was if it was anywhere. */
    Future<?> connect(String path) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setPort(port)
                .setHost("127.0.0.1")
                .setURI(path);
        Revision from = last;
        if (from != null) {
            options.putHeader("Last-Event-ID", from.toString());
        }
        return client.request(options).compose(request -> request.send().map(answer -> {
            status = answer.statusCode();
            response = answer;
            open = true;
            name = "";
            data = "";
            id = null;
            RecordParser lines = RecordParser.newDelimited("\n", line -> line(line));
            answer.handler(lines);
            answer.endHandler(end -> ended());
            answer.exceptionHandler(cut -> ended());
            return answer;
        }));
    }

    /** Begins anew, as one does who is told that it is too late to go on. */
    void forget() {
        last = null;
        synced = false;
        copy.clear();
    }

    /** Takes nothing any more. */
    void pause() {
        HttpClientResponse from = response;
        if (from != null) {
            from.pause();
        }
    }

    private void line(Buffer buffer) {
        String line = buffer.toString(StandardCharsets.UTF_8);
        if (line.isEmpty()) {
            if (!data.isEmpty()) {
                take(new Event(id == null ? null : Revision.parse(id), name, new JsonObject(data)));
            }
            id = null;
            name = "";
            data = "";
        } else if (line.startsWith("id: ")) {
            id = line.substring(4);
        } else if (line.startsWith("event: ")) {
            name = line.substring(7);
        } else if (line.startsWith("data: ")) {
            data = line.substring(6);
        } else if (line.startsWith(":")) {
            comments.add(line);
        }
    }

    private void take(Event event) {
        check(event);
        JsonArray items = event.data().getJsonArray("items");
        if (items != null) {
            items.forEach(item -> put((JsonObject) item));
        } else if (event.data().containsKey("key")) {
            put(event.data());
        }
        if (event.name().equals("synced")) {
            synced = true;
        }
        if (event.id() != null) {
            last = event.id();
        }
        events.add(event);
    }

    private void check(Event event) {
        Revision before = last;
        Revision id = event.id();
        if (before == null || id == null || event.name().equals("synced")) {
            return;
        }
        boolean change = !event.name().equals("alive");
        boolean next = (gapless && change) ? id.number() == before.number() + 1 : id.number() >= before.number();
        if (!before.epoch().equals(id.epoch()) || !next || (change && id.number() == before.number())) {
            faults.add("%s %s after %s".formatted(event.name(), id, before));
        }
    }

    /** Calls back when the connection is over; at once if it is. */
    void whenOver(Runnable then) {
        if (open) {
            over = then;
        } else {
            then.run();
        }
    }

    private void ended() {
        open = false;
        Runnable then = over;
        over = null;
        if (then != null) {
            then.run();
        }
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
