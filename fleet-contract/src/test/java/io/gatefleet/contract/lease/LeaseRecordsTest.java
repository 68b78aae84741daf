package io.gatefleet.contract.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.bus.Wire;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a lease's messages may not be; each complaint names the field, its value and what was expected. */
class LeaseRecordsTest {
    private static final String ACQUIRE = """
            {"holder": {"host": "mill", "instance": "main"}, "incarnation": 1, "layout": "openclaw-wide",
             "footprint": "0-110",
             "facts": {"portSpace": {"bootId": "b", "netns": 1},
                       "listeners": [{"port": 80, "address": "::", "guarded": false, "reading": "plain"}],
                       "guards": "", "ephemeral": "32768-60999", "reserved": "", "nodePorts": false},
             "claim": {"base": 18789, "footprint": "0-110", "fence": 5, "guard": "missing"},
             "rejected": {"fence": 5, "busy": [{"port": 18791, "protocol": "tcp"}]}}
            """;

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(delimiter = '|', textBlock = """
            holder                         |               | holder                        | absent        | a value
            holder                         | null          | holder                        | null          | a value
            holder.instance                | "Main"        | holder.instance               | Main          | 1 to 40 of a-z, 0-9 and -, a hyphen neither first nor last
            holder.instance                | "-a"          | holder.instance               | -a            | 1 to 40 of a-z, 0-9 and -, a hyphen neither first nor last
            incarnation                    | 0             | incarnation                   | 0             | 1 to 2^53 - 1
            footprint                      | "1-110"       | footprint                     |               | offsets from 0 to at most 255, the base (0) among them
            footprint                      | "0-256"       | footprint                     | 0-256         | offsets 0 to 255, for example 0-3,7
            footprint                      | "0--5"        | footprint                     | 0--5          | offsets 0 to 255, for example 0-3,7
            footprint                      | ""            | footprint                     |               | offsets 0 to 255, for example 0-3,7
            footprint                      | 111           | footprint                     |               | a string
            facts.listeners                | {}            | facts.listeners               | another type  | a list
            facts.listeners[0].port        | 65536         | facts.listeners[0].port       | 65536         | 1 to 65535
            facts.listeners[0].reading     | "MAYBE"       | facts.listeners[0].reading    | MAYBE         | plain, gateway-like or unknown
            facts.guards                   | "0"           | facts.guards                  |               |
            facts.guards                   | "70000"       | facts.guards                  |               |
            facts.ephemeral                | "5-1"         | facts.ephemeral               |               | FIRST-LAST with 1 <= FIRST <= LAST <= 65535
            facts.ephemeral                | "1-5,9"       | facts.ephemeral               | 1-5,9         | FIRST-LAST with 1 <= FIRST <= LAST <= 65535
            facts.nodePorts                | "no"          | facts.nodePorts               |               |
            claim.base                     | 65500         | claim.base                    | 65500         | 1 to 65425 for 0-110
            claim.guard                    | "maybe"       | claim.guard                   | maybe         | held or missing
            rejected.busy                  | []            | rejected.busy                 | 0 entries     | 1 to 512
            rejected.busy[0].protocol      | "sctp"        | rejected.busy[0].protocol     | sctp          | udp, tcp or neighbour
            rejected.busy[0].port          | 0             | rejected.busy[0].port         | 0             | 1 to 65535
            """)
    void aWrongFieldIsNamed(
            String where, @Nullable String json, String name, @Nullable String value, @Nullable String expected) {
        JsonObject question = new JsonObject(ACQUIRE);
        set(question, where, json);

        assertThatThrownBy(() -> Wire.LENIENT.read(question.toBuffer(), AcquireLease.class))
                .isInstanceOfSatisfying(BadInput.class, bad -> {
                    assertThat(bad.name()).isEqualTo(name);
                    if (value != null) {
                        assertThat(bad.value()).isEqualTo(value);
                    }
                    assertThat(bad.expected()).isNotBlank();
                    if (expected != null) {
                        assertThat(bad.expected()).isEqualTo(expected);
                    }
                    assertThat(bad.getMessage()).contains(bad.name(), bad.value(), "expected: " + bad.expected());
                });
    }

    @Test
    void moreThan512BusyPortsAreRefused() {
        JsonObject question = new JsonObject(ACQUIRE);
        JsonArray busy = new JsonArray();
        for (int i = 0; i < 513; i++) {
            busy.add(new JsonObject().put("port", 20_000 + i).put("protocol", "tcp"));
        }
        question.getJsonObject("rejected").put("busy", busy);

        assertThatThrownBy(() -> Wire.LENIENT.read(question.toBuffer(), AcquireLease.class))
                .isInstanceOfSatisfying(
                        BadInput.class, bad -> assertThat(bad.value()).isEqualTo("513 entries"));
    }

    @Test
    void moreThan4096ListenersAreRefused() {
        JsonObject question = new JsonObject(ACQUIRE);
        JsonArray listeners = new JsonArray();
        for (int i = 0; i < 4097; i++) {
            listeners.add(new JsonObject()
                    .put("port", 1 + i)
                    .put("address", "::")
                    .put("guarded", false)
                    .put("reading", "plain"));
        }
        question.getJsonObject("facts").put("listeners", listeners);

        assertThatThrownBy(() -> Wire.LENIENT.read(question.toBuffer(), AcquireLease.class))
                .isInstanceOfSatisfying(BadInput.class, bad -> {
                    assertThat(bad.name()).isEqualTo("facts.listeners");
                    assertThat(bad.value()).isEqualTo("4097 entries");
                });
    }

    @Test
    void aCommandsNameIsCutBeforeItCanCarryAnArgument() {
        assertThat(new BusyPort(80, BusyPort.Protocol.TCP, 1, "x".repeat(100)).command())
                .hasSize(64);
    }

    @Test
    void whatMayBeAbsentIsAbsent() {
        JsonObject question = new JsonObject(ACQUIRE);
        question.remove("claim");
        question.remove("rejected");

        AcquireLease read = Wire.LENIENT.read(question.toBuffer(), AcquireLease.class);

        assertThat(read.claim()).isNull();
        assertThat(read.rejected()).isNull();
        assertThat(new JsonObject(Wire.LENIENT.write(read))).isEqualTo(question);
    }

    /** Removes the field where {@code json} is absent. */
    private static void set(JsonObject root, String where, @Nullable String json) {
        JsonObject parent = root;
        String[] steps = where.split("\\.", -1);
        for (int i = 0; i < steps.length - 1; i++) {
            parent = steps[i].endsWith("[0]")
                    ? parent.getJsonArray(steps[i].substring(0, steps[i].length() - 3))
                            .getJsonObject(0)
                    : parent.getJsonObject(steps[i]);
        }
        String last = steps[steps.length - 1];
        if (json == null) {
            parent.remove(last);
        } else {
            parent.put(last, Json.decodeValue(json));
        }
    }
}
