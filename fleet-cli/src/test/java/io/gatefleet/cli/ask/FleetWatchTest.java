package io.gatefleet.cli.ask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gatefleet.cli.CannotGoOn;
import io.gatefleet.cli.Exit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a service that is played: each connection gets the next answer. */
@Timeout(60)
class FleetWatchTest {
    private static final String SNAPSHOT = "event: snapshot\ndata: {\"items\":[%s]}\n\n";
    private static final String SYNCED = "id: a.%d\nevent: synced\ndata: {\"pictureAgeMillis\":0}\n\n";
    private static final String INSTANCE = "{\"kind\":\"instance\",\"key\":\"instance/mill/%s\",\"agoMillis\":0,"
            + "\"item\":{\"name\":\"%s\",\"verdict\":{\"state\":\"%s\",\"sinceMillisAgo\":0}}}";

    private final LinkedBlockingQueue<HttpExchange> connections = new LinkedBlockingQueue<>();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private volatile @Nullable Throwable ended;
    private volatile boolean returned;

    @SuppressWarnings("NullAway.Init")
    private HttpServer server;

    @SuppressWarnings("NullAway.Init")
    private Thread watching;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", connections::add);
        server.start();
        FleetClient client = new FleetClient(
                service -> URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "Start it.");
        FleetWatch watch = new FleetWatch(client, "/v1/fleet/watch?label=a");
        watching = new Thread(() -> {
            try {
                watch.run((fleet, changed, trouble) -> {
                    if (changed) {
                        seen.add(trouble.isEmpty() ? states(fleet) : "trouble: " + trouble);
                    }
                });
                returned = true;
            } catch (InterruptedException | RuntimeException cause) {
                ended = cause;
            }
        });
        watching.setDaemon(true);
        watching.start();
    }

    @AfterEach
    void close() {
        watching.interrupt();
        server.stop(0);
    }

    private static String states(LiveFleet fleet) {
        StringBuilder states = new StringBuilder();
        fleet.instances(System.nanoTime())
                .forEach(instance -> states.append(instance.path("name").asText())
                        .append('=')
                        .append(instance.path("verdict").path("state").asText())
                        .append(' '));
        return states.toString().strip();
    }

    private HttpExchange connection() throws InterruptedException {
        return connections.take();
    }

    private static void begin(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().add("content-type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
    }

    private static void say(HttpExchange exchange, String text) throws IOException {
        exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
        byte[] problem = "{\"type\":\"t\",\"title\":\"T\",\"status\":%d,\"code\":\"%s\",\"detail\":\"So it is.\"}"
                .formatted(status, code)
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, problem.length);
        exchange.getResponseBody().write(problem);
        exchange.close();
    }

    private static String instance(String name, String state) {
        return INSTANCE.formatted(name, name, state);
    }

    private static String change(int number, String name, String state) {
        return "id: a.%d\nevent: instance\ndata: %s\n\n".formatted(number, instance(name, state));
    }

    @Test
    void thePictureIsSeenAndEveryChangeOfIt() throws Exception {
        HttpExchange first = connection();
        assertThat(first.getRequestURI()).hasToString("/v1/fleet/watch?label=a");
        assertThat(first.getRequestHeaders().getFirst("accept")).isEqualTo("text/event-stream");
        begin(first);
        say(
                first,
                ": a comment\n\nretry: 1000\n\n" + SNAPSHOT.formatted(instance("main", "ready")) + SYNCED.formatted(1));
        await().until(() -> seen.equals(List.of("main=ready")));

        say(first, change(2, "main", "down"));
        await().until(() -> seen.equals(List.of("main=ready", "main=down")));
    }

    @Test
    void whereItIsCutOffItGoesOnAndSaysSo() throws Exception {
        HttpExchange first = connection();
        begin(first);
        say(first, SNAPSHOT.formatted(instance("main", "ready")) + SYNCED.formatted(7));
        await().until(() -> seen.size() == 1);
        first.close();

        HttpExchange second = connection();
        assertThat(second.getRequestHeaders().getFirst("last-event-id")).isEqualTo("a.7");
        assertThat(seen.get(1)).startsWith("trouble: connection lost (");
        begin(second);
        say(second, change(8, "main", "down"));
        await().until(() -> seen.get(seen.size() - 1).equals("main=down"));
    }

    @Test
    void whereTooMuchHasHappenedItBeginsAnew() throws Exception {
        HttpExchange first = connection();
        begin(first);
        say(first, SNAPSHOT.formatted(instance("main", "ready")) + SYNCED.formatted(7));
        await().until(() -> seen.size() == 1);
        first.close();
        refuse(connection(), 410, "compacted");

        HttpExchange third = connection();
        assertThat(third.getRequestHeaders().containsKey("last-event-id")).isFalse();
        begin(third);
        say(third, SNAPSHOT.formatted(instance("rescue", "ready")) + SYNCED.formatted(1));
        await().until(() -> seen.get(seen.size() - 1).equals("rescue=ready"));
    }

    @Test
    void aServiceWithoutEventsIsNoTrouble() throws Exception {
        refuse(connection(), 404, "no-such-path");

        await().until(() -> returned);
        assertThat(seen).isEmpty();
    }

    @Test
    void whoMayNotLookIsTold() throws Exception {
        refuse(connection(), 401, "token-missing");

        await().until(() -> ended != null);
        assertThat(ended).isInstanceOf(CannotGoOn.class).hasMessage("So it is. (token-missing)");
        assertThat(((CannotGoOn) ended).next()).contains("--token-file");
    }

    @Test
    void whereNobodyAnswersTheFirstTimeItEnds() throws Exception {
        FleetWatch watch = new FleetWatch(
                new FleetClient(service -> URI.create("http://127.0.0.1:1"), "Start it."), "/v1/fleet/watch");

        CannotGoOn cannot = catchThrowableOfType(CannotGoOn.class, () -> watch.run((fleet, changed, trouble) -> {}));

        assertThat(cannot.exitCode()).isEqualTo(Exit.CANNOT_ASK);
        assertThat(cannot.next()).isEqualTo("Start it.");
    }
}
