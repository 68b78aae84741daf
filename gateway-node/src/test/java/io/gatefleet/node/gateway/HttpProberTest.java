package io.gatefleet.node.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.node.gateway.HttpProber.Reply;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpProberTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, SECONDS);
    }

    /** The answers of OpenClaw 2026.9.6 by phase, and what others say on the same paths. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            starting                    | 200 application/json {"ok":true,"status":"live"} | 503 application/json {"ready":false,"failing":["startup-sidecars"],"uptimeMs":373} | 503 application/json {"ok":false,"status":"starting","version":"2026.9.6","uptimeMs":375,"pendingReason":"startup-sidecars"} | live 2026.9.6 startup-sidecars
            ready                       | 200 application/json {"ok":true,"status":"live"} | 200 application/json {"ready":true,"failing":[],"uptimeMs":1,"eventLoop":{}} | 200 application/json {"ok":true,"status":"started","version":"2026.9.6","uptimeMs":1} | live ready 2026.9.6
            draining                    | 200 application/json {"ok":true,"status":"live"} | 503 application/json {"ready":false,"failing":["gateway-draining"]} | 503 application/json {"ok":false,"status":"draining","version":"2026.9.6"} | live draining 2026.9.6 gateway-draining
            # 2026.7.1: /startupz is the web application
            no /startupz                | 200 application/json {"ok":true,"status":"live"} | 200 application/json {"ready":true,"failing":[]} | 200 text/html <html> | live ready
            # 2026.3.2, 2026.2.1 and Clawdbot: so is everything
            only a web application      | 200 text/html <html> | 200 text/html <html> | 200 text/html <html> | bad
            # OmniClaw without its web application
            no web application          | 503 text/plain Control UI assets not found | 503 text/plain x | 503 text/plain x | bad
            # a Chrome that took the port
            a DevTools server           | 404 text/plain not found | 404 text/plain x | 404 text/plain x | bad
            JSON of somebody else       | 200 application/json {"status":"UP"} | 200 application/json {} | 200 application/json {} | bad
            the words, but as HTML      | 200 text/html {"ok":true,"status":"live"} | 200 text/html {"ready":true} | 200 text/html {} | bad
            the type, but no JSON       | 200 application/json live | 200 application/json x | 200 application/json x | bad
            an error that says ok       | 500 application/json {"ok":true,"status":"live"} | 200 application/json {"ready":true} | 200 application/json {} | bad
            ready, but with 503         | 200 application/json {"ok":true,"status":"live"} | 503 application/json {"ready":true,"failing":[]} | 404 text/html x | live
            ready as HTML               | 200 application/json {"ok":true,"status":"live"} | 200 text/html {"ready":true} | 404 text/html x | live
            """)
    void judges(String phase, String health, String ready, String startup, String verdict) {
        Answer answer = HttpProber.judge(reply(health), reply(ready), reply(startup), 1);

        StringBuilder said = new StringBuilder(answer.live() ? "live" : "bad");
        said.append(answer.ready() ? " ready" : "").append(answer.draining() ? " draining" : "");
        said.append(
                answer.identity().version() == null
                        ? ""
                        : " " + answer.identity().version());
        answer.failing().forEach(part -> said.append(' ').append(part));
        assertThat(said).hasToString(verdict);
        assertThat(answer.trouble() == null).as("says what is wrong").isEqualTo(answer.ready());
    }

    @Test
    void nobodyListensIsAnAnswerToo() throws Exception {
        NetServer gone = vertx.createNetServer();
        int port = gone.connectHandler(socket -> {})
                .listen(0, "127.0.0.1")
                .await(5, SECONDS)
                .actualPort();
        gone.close().await(5, SECONDS);

        Answer answer = ask(port);

        assertThat(answer.reached()).isFalse();
        assertThat(answer.trouble()).isEqualTo("/healthz: connection refused");
    }

    @Test
    void whoeverTakesTheConnectionAndSaysNothingIsNotWaitedFor() throws Exception {
        Answer answer = ask(server(socket -> {}));

        assertThat(answer.live()).isFalse();
        assertThat(answer.reached()).as("somebody is there").isTrue();
        assertThat(answer.tookMillis()).isBetween(250L, 5_000L);
    }

    @Test
    void anAnswerWithoutEndIsCutOff() throws Exception {
        Answer answer = ask(server(socket -> {
            socket.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n");
            socket.write("x".repeat(200_000));
        }));

        assertThat(answer.live()).isFalse();
        assertThat(answer.trouble()).contains("more than 65536 bytes");
    }

    @Test
    void whatIsNoHttpIsNoGateway() throws Exception {
        assertThat(ask(server(socket -> socket.end(io.vertx.core.buffer.Buffer.buffer("SSH-2.0-x\r\n"))))
                        .live())
                .isFalse();
    }

    private int server(Consumer<NetSocket> behaviour) throws Exception {
        return vertx.createNetServer()
                .connectHandler(socket -> {
                    socket.exceptionHandler(gone -> {});
                    socket.handler(asked -> behaviour.accept(socket));
                })
                .listen(0, "127.0.0.1")
                .await(5, SECONDS)
                .actualPort();
    }

    private Answer ask(int port) throws Exception {
        Duration patience = Duration.ofSeconds(1);
        WebSocketProber who = new WebSocketProber(vertx, Optional::empty, patience);
        return new HttpProber(vertx, who, patience).ask(port, true).await(10, SECONDS);
    }

    private static Reply reply(String text) {
        String[] parts = text.split(" ", 3);
        return new Reply(Integer.parseInt(parts[0]), parts[1], parts[2], null, true);
    }
}
