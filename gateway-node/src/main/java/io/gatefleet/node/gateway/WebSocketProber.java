package io.gatefleet.node.gateway;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks over the gateway's WebSocket, with the instance's token: the way that every version of the family has. One
 * connection for each question, and none is kept. Whoever answers may do what he likes: time, frames, their size and
 * their number are bounded.
 */
final class WebSocketProber implements Prober {
    /** An idle OpenClaw 2026.9.6 says hello in 13 KB; it grows with its methods, channels and sessions. */
    private static final int LARGEST_MESSAGE = 1 << 20;

    private static final int MOST_FRAMES = 256;
    private static final int NO_CODE = 1005;
    private static final int CLOSING_SECONDS = 1;

    private final Vertx vertx;
    private final WebSocketClient client;
    private final Callable<Optional<Token>> token;
    private final long patienceMillis;

    /**
     * @param token of the instance, read for each question because the first start makes it; may block
     * @param patience for the whole conversation
     */
    WebSocketProber(Vertx vertx, Callable<Optional<Token>> token, Duration patience) {
        this.vertx = vertx;
        this.token = token;
        this.patienceMillis = patience.toMillis();
        this.client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setConnectTimeout(Math.toIntExact(patienceMillis))
                .setMaxFrameSize(LARGEST_MESSAGE)
                .setMaxMessageSize(LARGEST_MESSAGE)
                .setClosingTimeout(CLOSING_SECONDS));
    }

    @Override
    public Future<Answer> ask(int port, boolean identity) {
        return talk(port, true);
    }

    /** Only who it is: as far as the hello. */
    Future<Answer> hello(int port) {
        return talk(port, false);
    }

    private Future<Answer> talk(int port, boolean health) {
        long asked = System.nanoTime();
        return vertx.executeBlocking(token, false)
                .compose(found ->
                        converse(port, new Conversation(found.map(Token::reveal).orElse(""), health), asked))
                .otherwise(failure -> Answer.bad(false, sentence(failure), millisSince(asked)));
    }

    private Future<Answer> converse(int port, Conversation conversation, long asked) {
        ClientWebSocket socket = client.webSocket();
        Promise<Answer> done = Promise.promise();
        int[] frames = {0};
        socket.frameHandler(frame -> {
            if (++frames[0] > MOST_FRAMES) {
                conversation.ended("more than " + MOST_FRAMES + " frames");
                finish(conversation, done, asked);
            }
        });
        socket.textMessageHandler(text -> {
            String reply = conversation.hear(text);
            if (reply != null) {
                socket.writeTextMessage(reply).onFailure(broken -> conversation.ended(sentence(broken)));
            }
            finish(conversation, done, asked);
        });
        socket.exceptionHandler(broken -> {
            conversation.ended(sentence(broken));
            finish(conversation, done, asked);
        });
        socket.closeHandler(closed -> {
            Short code = socket.closeStatusCode();
            String reason = socket.closeReason();
            conversation.closed(code == null ? NO_CODE : code, reason == null ? "" : reason);
            finish(conversation, done, asked);
        });
        WebSocketConnectOptions where = new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/")
                .setTimeout(patienceMillis);
        Future<?> connected =
                socket.connect(where).onFailure(failure -> done.tryComplete(unopened(failure, millisSince(asked))));
        long timer = vertx.setTimer(patienceMillis, over -> {
            conversation.ended("nothing within " + patienceMillis + " ms");
            finish(conversation, done, asked);
        });
        return done.future().onComplete(answered -> {
            vertx.cancelTimer(timer);
            // Also one that opens after its time.
            connected.onSuccess(open -> socket.close());
        });
    }

    private static void finish(Conversation conversation, Promise<Answer> done, long asked) {
        if (conversation.over()) {
            done.tryComplete(conversation.answer(millisSince(asked)));
        }
    }

    /** There is no WebSocket. */
    private static Answer unopened(Throwable failure, long tookMillis) {
        if (failure instanceof UpgradeRejectedException rejected) {
            String media = media(rejected.getHeaders().get(HttpHeaders.CONTENT_TYPE));
            return Answer.bad(
                    true,
                    "%d %s where a gateway opens its WebSocket: no gateway".formatted(rejected.getStatus(), media),
                    tookMillis);
        }
        String why = sentence(failure);
        boolean refused = why.equals("connection refused");
        return Answer.bad(!refused, refused ? why : "no WebSocket: " + why, tookMillis);
    }

    private static String media(@Nullable String type) {
        String media = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return media.matches("[a-z0-9.+/-]{1,80}") ? media : "(no type)";
    }

    private static String sentence(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        if (message.contains("refused")) {
            return "connection refused";
        }
        return Redaction.of(message.length() <= 160 ? message : message.substring(0, 160), "");
    }

    private static long millisSince(long nanoTime) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanoTime);
    }
}
