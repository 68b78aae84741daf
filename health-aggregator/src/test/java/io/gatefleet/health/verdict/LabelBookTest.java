package io.gatefleet.health.verdict;

import static io.gatefleet.health.verdict.Told.key;
import static io.gatefleet.health.verdict.Told.remembered;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.instance.InstanceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelBookTest {
    private static final InstanceKey MAIN = key("mill/main");
    private static final Map<String, String> NORTH = Map.of("zone", "north");
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final FleetHealth health = new FleetHealth(VerdictRules.defaults(), Duration.ofSeconds(1), 0);

    @Test
    void labelsAreToldBeforeTheFirstWordOrAfterIt() {
        health.hear(remembered(MAIN, 1, NORTH), 0);
        health.hear(Told.running(MAIN, 1, Told.GOOD), 0, new ArrayList<>());
        InstanceKey rescue = key("mill/rescue");
        health.hear(Told.running(rescue, 1, Told.GOOD), 0, new ArrayList<>());

        assertThat(health.instance(MAIN, 0).orElseThrow().labels()).isEqualTo(NORTH);
        assertThat(health.instance(rescue, 0).orElseThrow().labels())
                .as("nobody told them yet")
                .isNull();
        assertThat(health.lacksLabels()).isTrue();

        health.hear(remembered(rescue, 1, Map.of()), 0);
        assertThat(health.instance(rescue, 0).orElseThrow().labels()).isEmpty();
        assertThat(health.lacksLabels()).isFalse();
    }

    @Test
    void anOlderLifeOfAnInstanceChangesNothing() {
        LabelBook book = new LabelBook(0);
        book.hear(remembered(MAIN, 2, NORTH), 0);
        book.hear(remembered(MAIN, 1, Map.of("zone", "south")), 1);

        assertThat(book.of(MAIN)).isEqualTo(NORTH);

        book.hear(remembered(MAIN, 3, Map.of()), 2);
        assertThat(book.of(MAIN)).isEmpty();
    }

    @Test
    void whoIsNotThereIsForgottenAfterAWhile() {
        LabelBook book = new LabelBook(0);
        book.hear(remembered(MAIN, 1, NORTH), 0);

        book.forget(key -> false, 5 * MINUTE);
        assertThat(book.of(MAIN)).as("its first word may be on its way").isEqualTo(NORTH);
        book.forget(key -> true, 12 * MINUTE);
        assertThat(book.of(MAIN)).as("it is there").isEqualTo(NORTH);
        book.forget(key -> false, 14 * MINUTE);
        assertThat(book.of(MAIN)).isNull();
    }
}
