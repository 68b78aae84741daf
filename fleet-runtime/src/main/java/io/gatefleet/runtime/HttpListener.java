package io.gatefleet.runtime;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.ext.web.Router;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listening socket: TLS if there are files for it, limits for all that comes in, and access files read again. */
final class HttpListener {
    /** Of one connection, in no use at all; a client that drips is bounded by {@link Connections}. */
    private static final int IDLE_SECONDS = 60;

    private static final int LONGEST_LINE_BYTES = 4 * 1024;
    private static final int LARGEST_HEAD_BYTES = 8 * 1024;
    private static final int HANDSHAKE_SECONDS = 10;
    private static final int DRAIN_SECONDS = 5;
    private static final int REREAD_MILLIS = 1000;

    /** Each may make us keep a head of some kilobytes. */
    private static final int MOST_STRANGERS = 1024;

    private static final Logger log = LoggerFactory.getLogger(HttpListener.class);

    private final Vertx vertx;
    private final Router router;
    private final Protection protection;
    private final Connections connections;
    private @Nullable HttpServer server;
    private TlsFiles.@Nullable Pair pair;

    HttpListener(Vertx vertx, Router router, Protection protection, MeterRegistry meters) {
        this.vertx = vertx;
        this.router = router;
        this.protection = protection;
        int most = protection.mostConnections();
        // With access off there are no strangers; everybody is on this machine.
        this.connections = new Connections(
                protection.patience(), most, protection.access().isOff() ? most : Math.min(most, MOST_STRANGERS));
        Gauge.builder("gatefleet.http.connections", connections, Connections::open)
                .description("Open connections")
                .register(meters);
        FunctionCounter.builder("gatefleet.http.connections.refused", connections, Connections::refused)
                .description("Connections for which there was no room")
                .register(meters);
        FunctionCounter.builder("gatefleet.http.connections.cut", connections, Connections::cut)
                .description("Connections that kept us waiting, or made room for others")
                .register(meters);
    }

    /** Every request passes by here first. */
    Connections connections() {
        return connections;
    }

    /**
     * Starts to listen.
     *
     * @param port 0 for the kernel's choice
     * @param onAccessChange is called whenever the access files say something else
     * @return the port; fails when the address is taken, or where it must not listen
     */
    Future<Integer> open(String host, int port, Runnable onAccessChange) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setIdleTimeout(IDLE_SECONDS)
                .setMaxInitialLineLength(LONGEST_LINE_BYTES)
                .setMaxHeaderSize(LARGEST_HEAD_BYTES)
                // One protocol, one set of limits: no client of ours gains anything from HTTP/2.
                .setHttp2ClearTextEnabled(false)
                .setUseAlpn(false)
                .setCompressionSupported(false);
        return vertx.executeBlocking(() -> {
                    protection.insistOn(host);
                    TlsFiles files = protection.tls();
                    return options.setSsl(files != null).setKeyCertOptions(files == null ? null : read(files));
                })
                .compose(ready -> {
                    ready.setSslHandshakeTimeout(HANDSHAKE_SECONDS).setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
                    HttpServer made = vertx.createHttpServer(ready);
                    server = made;
                    connections.watch(vertx);
                    rereadFiles(made, onAccessChange);
                    return made.connectionHandler(connections::opened)
                            .requestHandler(router)
                            .listen();
                })
                .map(HttpServer::actualPort);
    }

    private io.vertx.core.net.KeyCertOptions read(TlsFiles files) {
        TlsFiles.Pair now = files.read();
        pair = now;
        return now.options();
    }

    private void rereadFiles(HttpServer made, Runnable onAccessChange) {
        if (!protection.access().isOff()) {
            vertx.setPeriodic(REREAD_MILLIS, tick -> vertx.executeBlocking(
                            () -> protection.access().refresh())
                    .onSuccess(changed -> {
                        if (changed) {
                            onAccessChange.run();
                        }
                    }));
        }
        TlsFiles files = protection.tls();
        if (files != null) {
            String[] complaint = {""};
            vertx.setPeriodic(REREAD_MILLIS, tick -> vertx.executeBlocking(files::read)
                    .compose(now -> now.equals(pair) ? Future.succeededFuture() : use(made, now))
                    .onSuccess(used -> complaint[0] = "")
                    .onFailure(cause -> {
                        String said = String.valueOf(cause.getMessage());
                        if (!said.equals(complaint[0])) {
                            log.error("the new certificate cannot be used, so the one before stays: {}", said);
                            complaint[0] = said;
                        }
                    }));
        }
    }

    private Future<Void> use(HttpServer made, TlsFiles.Pair now) {
        return made.updateSSLOptions(new ServerSSLOptions()
                        .setKeyCertOptions(now.options())
                        .setUseAlpn(false)
                        .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                        .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS))
                .onSuccess(used -> {
                    pair = now;
                    log.info("a new certificate is in use for connections that begin now");
                })
                .mapEmpty();
    }

    /** Stops to listen; requests under way are answered first. */
    Future<Void> close() {
        return server == null ? Future.succeededFuture() : server.shutdown(DRAIN_SECONDS, TimeUnit.SECONDS);
    }
}
