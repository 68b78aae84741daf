package io.gatefleet.runtime.cluster;

import io.gatefleet.contract.instance.BookQuestion;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.Instances;
import io.gatefleet.contract.instance.Remembered;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How a member that has just started learns of the instances that are there: from the first registry that answers. */
public final class Books {
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private Books() {}

    /**
     * Reads a whole book.
     *
     * @param registries members that run a registry, asked one after the other
     * @param learn is told every instance, on the caller's context
     * @return whether one of them answered that knows the fleet; never fails
     */
    public static Future<Boolean> read(EventBus bus, List<String> registries, Consumer<Remembered> learn) {
        if (registries.isEmpty()) {
            return Future.succeededFuture(false);
        }
        return pages(bus, registries.get(0), null, learn)
                .recover(silent -> Future.succeededFuture(false))
                .compose(whole -> whole
                        ? Future.succeededFuture(true)
                        : read(bus, registries.subList(1, registries.size()), learn));
    }

    private static Future<Boolean> pages(
            EventBus bus, String registry, @Nullable InstanceKey after, Consumer<Remembered> learn) {
        return Instances.book(registry)
                .ask(bus, new BookQuestion(after), ANSWER)
                .compose(page -> {
                    page.instances().forEach(learn);
                    return page.more() && !page.instances().isEmpty()
                            ? pages(
                                    bus,
                                    registry,
                                    page.instances()
                                            .get(page.instances().size() - 1)
                                            .instance(),
                                    learn)
                            : Future.succeededFuture(!Boolean.TRUE.equals(page.learning()));
                });
    }
}
