package io.gatefleet.node.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.node.gateway.Answer.Hello;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What strangers and gateways may do on a socket; what the words mean is for {@link ConversationTest}. */
class WebSocketProberTest {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final String CHALLENGE = "{\"type\":\"event\",\"event\":\"connect.challenge\",\"payload\":{}}";

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger open = new AtomicInteger();
    private Token token;

    @BeforeEach
    void makeToken(@TempDir Path directory) throws Exception {
        token = Token.keep(directory.resolve("token"));
        assertThat(Files.exists(directory.resolve("token"))).isTrue();
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, SECONDS);
    }

    @Test
    void aGatewayIsReadyAndNamed() throws Exception {
        Answer answer = ask(gateway(socket -> {}));

        assertThat(answer.live()).isTrue();
        assertThat(answer.ready()).isTrue();
        assertThat(answer.trouble()).isNull();
        assertThat(answer.identity()).isEqualTo(new Answer.Identity(Hello.ACCEPTED, "2026.9.6", "boot-1"));
    }

    @Test
    void noConnectionIsKept() throws Exception {
        int port = gateway(socket -> {});
        ask(port);
        ask(port);

        await().atMost(Duration.ofSeconds(5)).until(() -> open.get() == 0);
        assertThat(ask(port).ready()).isTrue();
    }

    @Test
    void nobodyListensIsAnAnswerToo() throws Exception {
        NetServer gone = vertx.createNetServer().connectHandler(socket -> {});
        int port = gone.listen(0, "127.0.0.1").await(5, SECONDS).actualPort();
        gone.close().await(5, SECONDS);

        Answer answer = ask(port);

        assertThat(answer.reached()).isFalse();
        assertThat(answer.trouble()).isEqualTo("connection refused");
    }

    @Test
    void aWebApplicationIsNoGateway() throws Exception {
        Answer answer = ask(raw(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 6\r\n\r\n" + "<html>"));

        assertThat(answer.reached()).isTrue();
        assertThat(answer.live()).isFalse();
        assertThat(answer.trouble()).isEqualTo("200 text/html where a gateway opens its WebSocket: no gateway");
    }

    @Test
    void anEndlessWebPageIsCutOff() throws Exception {
        Answer answer = ask(server(socket -> socket.handler(asked -> {
            socket.write("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2000000000\r\n\r\n");
            pour(socket);
        })));

        assertThat(answer.reached()).isTrue();
        assertThat(answer.live()).isFalse();
        assertThat(answer.tookMillis()).isLessThan(5_000);
    }

    @Test
    void whatIsNoHttpIsNoGateway() throws Exception {
        assertThat(ask(raw("SSH-2.0-x\r\n")).live()).isFalse();
    }

    @Test
    void whoeverTakesTheConnectionAndSaysNothingIsNotWaitedFor() throws Exception {
        Answer answer = ask(server(socket -> {}));

        assertThat(answer.reached()).as("somebody is there").isTrue();
        assertThat(answer.live()).isFalse();
        assertThat(answer.tookMillis()).isBetween(900L, 5_000L);
    }

    @Test
    void aWebSocketWithoutChallengeIsNotWaitedFor() throws Exception {
        Answer answer = ask(sockets(socket -> {}));

        assertThat(answer.live()).isFalse();
        assertThat(answer.trouble()).isEqualTo("no connect.challenge on its WebSocket: nothing within 1000 ms");
        await().atMost(Duration.ofSeconds(5)).until(() -> open.get() == 0);
    }

    @Test
    void anotherTokenIsSaidInWords() throws Exception {
        Answer answer = ask(sockets(socket -> {
            socket.writeTextMessage(CHALLENGE);
            socket.textMessageHandler(asked -> socket.close((short) 1008, "unauthorized: gateway token mismatch"));
        }));

        assertThat(answer.live()).isFalse();
        assertThat(answer.identity().hello()).isEqualTo(Hello.REFUSED);
        assertThat(answer.trouble())
                .isEqualTo("another gateway, or another token: it refused this instance's token"
                        + " (close 1008, unauthorized: gateway token mismatch)");
        assertThat(answer.toString()).doesNotContain(token.reveal());
    }

    @Test
    void aMessageOfAnySizeIsNotTaken() throws Exception {
        Answer answer = ask(sockets(socket -> socket.writeTextMessage("x".repeat(3 << 20))));

        assertThat(answer.live()).isFalse();
        assertThat(answer.trouble()).isNotNull();
    }

    @Test
    void framesWithoutEndAreCutOff() throws Exception {
        Answer answer = ask(sockets(socket -> {
            socket.writeFrame(WebSocketFrame.textFrame("{", false));
            for (int i = 0; i < 2_000; i++) {
                socket.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer(" "), false));
            }
        }));

        assertThat(answer.live()).isFalse();
        assertThat(answer.trouble()).contains("more than 256 frames");
        assertThat(answer.tookMillis()).isLessThan(900);
    }

    /** As an OpenClaw 2026.9.6 answers. */
    private int gateway(Consumer<ServerWebSocket> more) throws Exception {
        return sockets(socket -> {
            more.accept(socket);
            socket.writeTextMessage(CHALLENGE);
            socket.textMessageHandler(text -> {
                JsonObject asked = new JsonObject(text);
                boolean hello = asked.getString("method").equals("connect");
                assertThat(hello || asked.getString("method").equals("health")).isTrue();
                JsonObject payload = hello
                        ? new JsonObject()
                                .put("type", "hello-ok")
                                .put(
                                        "server",
                                        new JsonObject()
                                                .put("version", "2026.9.6")
                                                .put("bootId", "boot-1"))
                        : new JsonObject().put("ok", true);
                socket.writeTextMessage(new JsonObject()
                        .put("type", "res")
                        .put("id", asked.getString("id"))
                        .put("ok", true)
                        .put("payload", payload)
                        .encode());
            });
        });
    }

    private int sockets(Handler<ServerWebSocket> behaviour) throws Exception {
        HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                        .setMaxWebSocketFrameSize(4 << 20)
                        .setMaxWebSocketMessageSize(4 << 20))
                .webSocketHandler(socket -> {
                    open.incrementAndGet();
                    socket.exceptionHandler(gone -> {});
                    socket.closeHandler(closed -> open.decrementAndGet());
                    behaviour.handle(socket);
                });
        return server.listen(0, "127.0.0.1").await(5, SECONDS).actualPort();
    }

    private int raw(String answer) throws Exception {
        return server(socket -> socket.handler(asked -> socket.write(answer)));
    }

    private int server(Handler<NetSocket> behaviour) throws Exception {
        return vertx.createNetServer()
                .connectHandler(socket -> {
                    socket.exceptionHandler(gone -> {});
                    behaviour.handle(socket);
                })
                .listen(0, "127.0.0.1")
                .await(5, SECONDS)
                .actualPort();
    }

    private static void pour(NetSocket socket) {
        Buffer part = Buffer.buffer("x".repeat(64 * 1024));
        socket.drainHandler(again -> pour(socket));
        while (!socket.writeQueueFull()) {
            socket.write(part);
        }
    }

    private Answer ask(int port) throws Exception {
        return new WebSocketProber(vertx, () -> Optional.of(token), PATIENCE)
                .ask(port, true)
                .await(10, SECONDS);
    }
}
