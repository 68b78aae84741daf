package io.gatefleet.bench.gatefleet;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.TimeUnit;

/** An HTTP server that does nothing: says every body back. What is left is the generator, HTTP and the kernel. */
public final class EchoMain {
    private static final long SECONDS = 30;

    private EchoMain() {}

    /** @param args the port */
    public static void main(String[] args) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        vertx.createHttpServer()
                .requestHandler(request ->
                        request.body().onSuccess(body -> request.response().end(body)))
                .listen(Integer.parseInt(args[0]), "127.0.0.1")
                .await(SECONDS, TimeUnit.SECONDS);
    }
}
