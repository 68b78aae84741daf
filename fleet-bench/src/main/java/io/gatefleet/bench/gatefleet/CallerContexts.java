package io.gatefleet.bench.gatefleet;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;

/** Contexts for callers, spread over the event loops: what a caller asks there is answered there. */
final class CallerContexts {
    private final List<Context> contexts;

    CallerContexts(Vertx vertx, int most) {
        contexts = IntStream.range(0, most)
                .<Context>mapToObj(caller -> ((VertxInternal) vertx).createEventLoopContext())
                .toList();
    }

    Executor of(int caller) {
        Context context = contexts.get(caller);
        return task -> context.runOnContext(now -> task.run());
    }
}
