package io.gatefleet.contract.instance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.instance.GatewayReport.Finding;
import io.gatefleet.contract.instance.GatewayReport.Probe;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayReportTest {
    private static final GatewayReport SAID = new GatewayReport(
            GatewayState.RUNNING,
            4712,
            "2026.9.6",
            "boot-1",
            1,
            137,
            1_500,
            new Probe(true, true, List.of("sidecars"), "slow", 3, 0),
            List.of(new Finding("stranger-in-lease", "pid 17")),
            80_000_000L,
            2,
            null);

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
        state             | "backoff"                                       | true
        pid               | 4713                                            | true
        pid               | null                                            | true
        version           | "2026.9.7"                                      | true
        bootId            | "boot-2"                                        | true
        restarts          | 2                                               | true
        exitCode          | null                                            | true
        stateForMillis    | 6500                                            | false
        findings          | []                                              | true
        residentBytes     | 90000000                                        | false
        restartsInProcess | 3                                               | true
        desired           | {"run":"stopped","cordoned":false,"maintenance":false} | true
        probe             | null                                            | true
        probe.live        | false                                           | true
        probe.ready       | false                                           | true
        probe.failing     | []                                              | true
        probe.detail      | "fast"                                          | false
        probe.tookMillis  | 4                                               | false
        probe.badInARow   | 1                                               | false
        """)
    void agesTimesAndSizesAloneAreNoNews(String component, String value, boolean isNews) {
        GatewayReport other = with(component, value);

        assertThat(other).isNotEqualTo(SAID);
        assertThat(other.saysTheSame(SAID)).isEqualTo(!isNews);
        assertThat(SAID.saysTheSame(other)).isEqualTo(!isNews);
    }

    @Test
    void whatIsReadTwiceSaysTheSame() {
        GatewayReport again = Wire.LENIENT.read(Wire.LENIENT.write(SAID), GatewayReport.class);

        assertThat(again).isNotSameAs(SAID);
        assertThat(again.saysTheSame(SAID)).isTrue();
    }

    /** Whoever adds a component decides whether it is news, here and in the table above. */
    @Test
    void everyComponentIsInTheTable() {
        assertThat(names(GatewayReport.class))
                .isEqualTo(Set.of(
                        "state",
                        "pid",
                        "version",
                        "bootId",
                        "restarts",
                        "exitCode",
                        "stateForMillis",
                        "probe",
                        "findings",
                        "residentBytes",
                        "restartsInProcess",
                        "desired"));
        assertThat(names(Probe.class))
                .isEqualTo(Set.of("live", "ready", "failing", "detail", "tookMillis", "badInARow"));
    }

    private static Set<String> names(Class<?> record) {
        return Set.copyOf(Arrays.stream(record.getRecordComponents())
                .map(RecordComponent::getName)
                .toList());
    }

    /** Of the probe, where the component's name says so. */
    private static GatewayReport with(String component, String json) {
        ObjectNode all = Wire.LENIENT.mapper().valueToTree(SAID);
        String name = component.substring(component.indexOf('.') + 1);
        ObjectNode owner = name.equals(component) ? all : (ObjectNode) all.get("probe");
        owner.set(name, Wire.LENIENT.read(json.getBytes(StandardCharsets.UTF_8), JsonNode.class));
        return Wire.LENIENT.mapper().convertValue(all, GatewayReport.class);
    }
}
