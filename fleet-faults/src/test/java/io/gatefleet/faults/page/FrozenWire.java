package io.gatefleet.faults.page;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A wire to a service that can stop to carry anything without being cut, as one does whose far end has vanished. */
final class FrozenWire implements AutoCloseable {
    private final NetClient client;
    private final NetServer server;
    private final List<NetSocket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger passed = new AtomicInteger();
    private volatile boolean frozen;

    private FrozenWire(Vertx vertx, URI service) {
        client = vertx.createNetClient();
        server = vertx.createNetServer().connectHandler(near -> {
            near.pause();
            sockets.add(near);
            client.connect(service.getPort(), service.getHost())
                    .onSuccess(far -> {
                        carry(near, far);
                        carry(far, near);
                        near.resume();
                    })
                    .onFailure(nobody -> near.close());
        });
    }

    static FrozenWire before(Vertx vertx, URI service) throws TimeoutException {
        FrozenWire wire = new FrozenWire(vertx, service);
        wire.server.listen(0, "127.0.0.1").await(10, TimeUnit.SECONDS);
        return wire;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.actualPort());
    }

    /** How many pieces went over it. */
    int passed() {
        return passed.get();
    }

    /** From now on nothing arrives; what was sent meanwhile is lost, and connections that come are not answered. */
    void freeze() {
        frozen = true;
    }

    /** Carries again; connections of before are cut, as what they lost cannot be told again. */
    void thaw() {
        frozen = false;
        sockets.forEach(NetSocket::close);
        sockets.clear();
    }

    private void carry(NetSocket from, NetSocket to) {
        from.handler(piece -> {
            if (!frozen) {
                passed.incrementAndGet();
                to.write(piece);
            }
        });
        from.closeHandler(gone -> to.close());
    }

    @Override
    public void close() throws TimeoutException {
        server.close().await(10, TimeUnit.SECONDS);
        client.close().await(10, TimeUnit.SECONDS);
    }
}
