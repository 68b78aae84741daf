package io.gatefleet.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.runtime.access.Access;
import io.gatefleet.runtime.access.Needs;
import io.gatefleet.runtime.access.OperatorToken;
import io.gatefleet.runtime.access.Role;
import io.gatefleet.runtime.audit.AuditLog;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that do not play by the rules, each over a real socket. */
class HostileClientTest {
    private static final int ROOM = 64;
    private static final Patience SHORT =
            new Patience(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(30));

    @TempDir
    private Path directory = Path.of("");

    private final String alice = OperatorToken.random(Role.ADMIN);
    private final PrometheusMeterRegistry meters = Meters.of("test");
    private final Vertx vertx = ServiceProcess.vertx(meters);
    private final List<Socket> sockets = new ArrayList<>();
    private final Promise<Void> late = Promise.promise();
    private final CountDownLatch waited = new CountDownLatch(ROOM / 4);
    private int port;

    @BeforeEach
    void listen() throws IOException, TimeoutException {
        Files.writeString(
                directory.resolve("tokens"),
                OperatorToken.of("alice", Role.ADMIN, alice, null).line() + "\n");
        HttpEdge edge = HttpEdge.create(
                vertx,
                "test",
                meters,
                Readiness.ALWAYS,
                new Protection(Access.by(directory, false), AuditLog.NONE)
                        .withPatience(SHORT)
                        .withMostConnections(ROOM));
        edge.routes()
                .get("/things", Needs.READ, ctx -> HttpEdge.send(ctx, 200, "things"))
                .post("/things", Needs.ADMIN, ctx -> HttpEdge.send(ctx, 201, "done"))
                .put("/things", Needs.ADMIN, ctx -> {
                    waited.countDown();
                    late.future().onSuccess(now -> HttpEdge.send(ctx, 201, "late"));
                });
        port = edge.listen("127.0.0.1", 0).await(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws IOException, TimeoutException {
        for (Socket socket : sockets) {
            socket.close();
        }
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static String head(String request, String... headers) {
        return request + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("\r\n", headers)
                + (headers.length == 0 ? "\r\n" : "\r\n\r\n");
    }

    /** The status of one answer; the rest of it is read away. */
    private static int answer(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int read = in.read();
            if (read < 0) {
                throw new SocketException("closed after: " + head);
            }
            head.append((char) read);
        }
        int length = 0;
        for (String line : head.toString().split("\r\n", -1)) {
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        assertThat(in.readNBytes(length)).hasSize(length);
        return Integer.parseInt(head.substring(9, 12));
    }

    private static boolean isClosed(Socket socket) {
        try {
            socket.setSoTimeout(1);
            while (socket.getInputStream().read() >= 0) {
                // what was still on its way
            }
            return true;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    private String asAlice() {
        return "Authorization: Bearer " + alice;
    }

    private void aliceIsAnswered() throws IOException {
        try (Socket socket = connect()) {
            say(socket, head("GET /things", asAlice()));
            assertThat(answer(socket)).isEqualTo(200);
        }
    }

    private double meter(String name) {
        return meters.find(name).functionCounter() == null
                ? meters.get(name).gauge().value()
                : meters.get(name).functionCounter().count();
    }

    @Test
    void aHeadThatDripsIsCutAtItsTimeHoweverOftenAByteComes() throws Exception {
        Socket dripping = connect();
        long began = System.nanoTime();
        say(dripping, "GET /things HTTP/1.1\r\n");
        int drops = 0;
        while (!isClosed(dripping) && System.nanoTime() - began < TimeUnit.SECONDS.toNanos(10)) {
            try {
                say(dripping, "x");
                drops++;
            } catch (SocketException gone) {
                break;
            }
            TimeUnit.MILLISECONDS.sleep(50); // the drip itself
        }
        long lived = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);

        assertThat(drops).isGreaterThan(5);
        assertThat(lived).as("milliseconds").isBetween(900L, 4_000L);
        aliceIsAnswered();
    }

    @Test
    void aBodyThatDripsIsCutToo() throws IOException {
        Socket dripping = connect();
        say(dripping, head("POST /things", asAlice(), "Content-Type: application/json", "Content-Length: 100000"));
        say(dripping, "{");

        Awaitility.await().atMost(Duration.ofSeconds(8)).until(() -> isClosed(dripping));
        aliceIsAnswered();
    }

    @Test
    void whoShowsNoTokenGetsNoRoomForABody() throws IOException {
        Socket stranger = connect();
        say(stranger, head("POST /things", "Content-Type: application/json", "Content-Length: 1000000"));

        assertThat(answer(stranger)).isEqualTo(401);
        Awaitility.await().atMost(Duration.ofSeconds(8)).until(() -> isClosed(stranger));
    }

    @Test
    void aFloodOfHeadersIsRefusedAtEightKilobytes() throws IOException {
        Socket flooding = connect();
        StringBuilder headers = new StringBuilder("GET /things HTTP/1.1\r\nHost: localhost\r\n");
        for (int i = 0; i < 10_000; i++) {
            headers.append("x-").append(i).append(": y\r\n");
        }
        try {
            say(flooding, headers + "\r\n");
        } catch (SocketException refusedWhileTalking) {
            // as good
        }
        int status;
        try {
            status = answer(flooding);
        } catch (SocketException reset) {
            status = 431; // its answer was overtaken by the reset that the unread rest causes
        }

        assertThat(status).isEqualTo(431);
        aliceIsAnswered();
    }

    @Test
    void idleStrangersMakeRoomForWhoeverComesAndWhoIsKnownStays() throws IOException {
        Socket known = connect();
        say(known, head("GET /things", asAlice()));
        assertThat(answer(known)).isEqualTo(200);

        List<Socket> idle = new ArrayList<>();
        for (int i = 0; i < 4 * ROOM; i++) {
            idle.add(connect());
        }
        aliceIsAnswered();

        assertThat(meter("gatefleet.http.connections")).isLessThanOrEqualTo(ROOM);
        assertThat(meter("gatefleet.http.connections.cut")).isGreaterThanOrEqualTo(3 * ROOM);
        assertThat(isClosed(idle.get(0))).as("the eldest stranger went first").isTrue();
        say(known, head("GET /things", asAlice()));
        known.setSoTimeout(10_000);
        assertThat(answer(known)).isEqualTo(200);
    }

    @Test
    void whoWaitsForAnAnswerIsNoStranger() throws IOException, InterruptedException {
        List<Socket> waiting = new ArrayList<>();
        for (int i = 0; i < ROOM / 4; i++) {
            Socket one = connect();
            say(one, head("PUT /things", asAlice(), "Content-Length: 0"));
            waiting.add(one);
        }
        assertThat(waited.await(10, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 4 * ROOM; i++) {
            connect();
        }
        aliceIsAnswered();
        late.complete();

        for (Socket one : waiting) {
            assertThat(answer(one)).isEqualTo(201);
        }
    }

    @Test
    void whereAllRoomIsTakenByTheKnownNobodyElseIsLetIn() throws IOException {
        for (int i = 0; i < ROOM; i++) {
            Socket known = connect();
            say(known, head("GET /things", asAlice()));
            assertThat(answer(known)).isEqualTo(200);
        }

        Socket oneMore = connect();

        Awaitility.await().atMost(Duration.ofSeconds(8)).until(() -> isClosed(oneMore));
        assertThat(meter("gatefleet.http.connections.refused")).isEqualTo(1);
        assertThat(meter("gatefleet.http.connections")).isEqualTo(ROOM);
    }
}
