package io.gatefleet.health.verdict;

import static io.gatefleet.health.verdict.Told.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.health.FleetHealthView.ProblemReport;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.InstanceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Instances as {@code version}, {@code version:key=value}, or {@code -} where nobody knows the version. */
class SharedTraitsTest {
    private static final String NAMED = "All of them ";

    private final FleetHealth health = new FleetHealth(VerdictRules.defaults(), Duration.ofSeconds(1), 0);

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            three of a version, others are well         | 2.0 2.0 2.0 | 1.0 1.0     | run 2.0, and nobody else does.
            two may be an accident                      | 2.0 2.0     | 1.0 1.0     |
            another version suffers, too                | 2.0 2.0 1.0 | 1.0 1.0     |
            nobody runs another                         | 2.0 2.0 2.0 | 2.0 2.0     |
            everybody suffers                           | 2.0 2.0 2.0 |             |
            of one who suffers nobody knows the version | 2.0 2.0 -   | 1.0 1.0     |
            one of it is well                           | 2.0 2.0 2.0 | 2.0 1.0     | run 2.0, as does 1 other that does not suffer.
            as many of it are well                      | 2.0 2.0 2.0 | 2.0 2.0 2.0 1.0 | run 2.0, as do 3 others that do not suffer.
            more of it are well                         | 2.0 2.0 2.0 | 2.0 2.0 2.0 2.0 1.0 |
            a label                                     | 1:zone=b 2:zone=b 3:zone=b | 1:zone=a 2 | are labelled zone=b, and nobody else does.
            a label of which others have another value  | 1:zone=a 2:zone=b 3:zone=b | 1:zone=a 2 |
            """)
    void whatAllWhoSufferHaveAndOthersDoNotIsNamed(
            String why, String suffer, @Nullable String well, @Nullable String named) {
        all("bad", suffer, GatewayState.EXITED, 78);
        all("well", Objects.requireNonNullElse(well, ""), GatewayState.STOPPED, null);

        String sentence = problem().sentence();

        if (named == null) {
            assertThat(sentence).doesNotContain(NAMED);
        } else {
            assertThat(sentence).contains(NAMED + named);
        }
    }

    @Test
    void theRarestOfSeveralComeFirstAndNoMoreThanTwo() {
        String all = ":a=1,b=2,c=3";
        all("bad", "2.0%s 2.0%s 2.0%s".formatted(all, all, all), GatewayState.EXITED, 78);
        all("well", "2.0 1.0:b=2 1.0", GatewayState.STOPPED, null);

        assertThat(problem().sentence())
                .contains(
                        "All of them are labelled a=1, and nobody else does. All of them are labelled c=3, and nobody else does. The first");
    }

    @Test
    void aHostileVersionIsOneLineOfBoundedLength() {
        String version = "2.0\n\u001b[31m" + "x".repeat(100);
        for (int number = 0; number < 3; number++) {
            say(key("bad/g" + number), version, GatewayState.EXITED, 78);
        }
        say(key("well/main"), "1.0", GatewayState.STOPPED, null);

        assertThat(problem().sentence()).contains("run 2.0").doesNotContain("\n", "\u001b");
    }

    private void all(String host, String texts, GatewayState state, @Nullable Integer exit) {
        int number = 0;
        for (String text : texts.isEmpty() ? new String[0] : texts.split(" ", -1)) {
            InstanceKey key = key(host + "/g" + number++);
            String[] parts = text.split(":", 2);
            if (parts.length == 2) {
                Map<String, String> labels = new HashMap<>();
                for (String label : parts[1].split(",", -1)) {
                    String[] pair = label.split("=", 2);
                    labels.put(pair[0], pair[1]);
                }
                health.hear(Told.remembered(key, 1, labels), 0);
            }
            say(key, parts[0].equals("-") ? null : parts[0], state, exit);
        }
    }

    private void say(InstanceKey key, @Nullable String version, GatewayState state, @Nullable Integer exit) {
        GatewayReport report = new GatewayReport(state, null, version, null, 0, exit, 0, null, List.of(), null);
        health.hear(Told.beat(key, 1, 1, report), 0, new ArrayList<>());
    }

    private ProblemReport problem() {
        assertThat(health.problems(0)).hasSize(1);
        return health.problems(0).get(0);
    }
}
