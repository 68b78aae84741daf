package io.gatefleet.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.instance.Beat;
import io.gatefleet.contract.instance.Departure;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.Instances;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class NewsTest {
    private static final InstanceKey MAIN = Words.key("a", "main");

    private Vertx vertx;
    private final List<Object> heard = new CopyOnWriteArrayList<>();
    private final AtomicInteger messages = new AtomicInteger();

    @BeforeEach
    void listen(Vertx given) throws TimeoutException {
        vertx = given;
        vertx.eventBus().addOutboundInterceptor(delivery -> {
            messages.incrementAndGet();
            delivery.next();
        });
        Instances.ANNOUNCED.hear(vertx.eventBus(), heard::add).await(5, TimeUnit.SECONDS);
    }

    @Test
    void beatsOfAMomentAreToldTogether() {
        vertx.runOnContext(now -> {
            News news = new News(vertx);
            for (int fence = 1; fence <= 50; fence++) {
                news.beat(beat(fence), 0);
            }
        });

        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> heard.size() == 50);
        assertThat(heard.get(49)).isEqualTo(beat(50));
        assertThat(messages).hasValue(1);
    }

    @Test
    void aFullMessageWaitsForNoMore() {
        vertx.runOnContext(now -> {
            News news = new News(vertx);
            for (int fence = 1; fence <= News.MOST + 1; fence++) {
                news.beat(beat(fence), 0);
            }
        });

        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> heard.size() == News.MOST + 1);
        assertThat(messages).hasValue(2);
    }

    @Test
    void departuresOfAMomentAreToldTogether() {
        vertx.runOnContext(now -> {
            News news = new News(vertx);
            for (int incarnation = 1; incarnation <= 3; incarnation++) {
                news.departed(new Departure(MAIN, new Incarnation(incarnation), true));
            }
        });

        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> heard.size() == 3);
        assertThat(heard.get(2)).isEqualTo(new Departure(MAIN, new Incarnation(3), true));
        assertThat(messages).hasValue(1);
    }

    @Test
    void whatHappenedBeforeADepartureIsToldBefore() {
        Departure departure = new Departure(MAIN, new Incarnation(1), true);
        vertx.runOnContext(now -> {
            News news = new News(vertx);
            news.beat(beat(1), 0);
            news.departed(departure);
            news.beat(beat(2), 0);
        });

        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> heard.size() == 3);
        assertThat(heard).containsExactly(beat(1), departure, beat(2));
        assertThat(messages).hasValue(1);
    }

    @Test
    void whatSaysNothingNewWaitsForWhatDoes() {
        vertx.runOnContext(now -> {
            News news = new News(vertx);
            news.beat(beat(1), 60_000);
            news.beat(beat(2), 60_000);
            vertx.setTimer(3 * News.WAIT_MILLIS, elapsed -> news.beat(beat(3), 0));
        });

        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> heard.size() == 3);
        assertThat(messages).hasValue(1);
    }

    private static Beat beat(long fence) {
        return Beat.ofRegistration(MAIN, Flavor.SIMULATED, Words.lease(MAIN, 1, fence));
    }
}
