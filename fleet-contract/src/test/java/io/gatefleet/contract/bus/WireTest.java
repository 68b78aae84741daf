package io.gatefleet.contract.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.port.PortRange;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireTest {
    private static final String HEARTBEAT = """
            {"incarnation": 7, "sequence": 3, "guard": "held",
             "lease": {"holder": {"host": "mill", "instance": "main"}, "incarnation": 7, "base": 18789,
                       "footprint": "0-110", "layout": "openclaw-wide", "fence": 5, "state": "confirmed"},
             "gateway": {"state": "running", "restarts": 0, "stateForMillis": 10,
                         "probe": {"live": true, "ready": true, "failing": [], "tookMillis": 2},
                         "findings": [{"code": "orphaned-browser", "detail": "pid 4"}]}}
            """;

    @Test
    void aWholeWordIsReadAndWrittenTheSame() {
        Heartbeat word = Wire.STRICT.read(Buffer.buffer(HEARTBEAT), Heartbeat.class);

        assertThat(Wire.STRICT.read(Wire.LENIENT.write(word), Heartbeat.class)).isEqualTo(word);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(delimiter = '|', textBlock = """
            /incarnation               | "7"      | incarnation               | a whole number
            /incarnation               | 0        | incarnation               | 1 to 2^53 - 1
            /incarnation               | 9007199254740992 | incarnation       | 1 to 2^53 - 1
            /incarnation               | 99999999999999999999 | incarnation   |
            /sequence                  | 1.5      | sequence                  | a whole number
            /sequence                  | null     | sequence                  | a value
            /guard                     | "loose"  | guard                     | held or missing
            /guard                     | 1        | guard                     |
            /lease/holder/host         | "MILL"   | lease.holder.host         | a lower-case RFC 1123 name of 1 to 253 characters
            /lease/holder/host         | 5        | lease.holder.host         | a string
            /lease/holder              | {}       | lease.holder.host         | a value
            /lease/base                | 65500    | lease.base                |
            /lease/fence               | 0        | lease.fence               | 1 to 2^53 - 1
            /lease/footprint           | "1-5"    | lease.footprint           |
            /lease/layout              | true     | lease.layout              | a string
            /gateway                   | []       | gateway                   | a JSON object
            /gateway/restarts          | -1       | gateway.restarts          | 0 or more
            /gateway/restarts          | 99999999999 | gateway.restarts       |
            /gateway/state             | "asleep" | gateway.state             |
            /gateway/probe/live        | "true"   | gateway.probe.live        | a boolean
            /gateway/probe/failing     | [null]   | gateway.probe.failing[0]  | a value
            /gateway/probe/failing     | "none"   | gateway.probe.failing     | a list
            /gateway/findings          | [null]   | gateway.findings[0]       | a value
            /gateway/findings/0/code   | 7        | gateway.findings[0].code  | a string
            """)
    void aWrongFieldIsNamedByItsWholePath(String where, String json, String name, String expected) {
        JsonObject word = new JsonObject(HEARTBEAT);
        JsonPointer.from(where).writeJson(word, io.vertx.core.json.Json.decodeValue(json));

        assertThatThrownBy(() -> Wire.LENIENT.read(word.toBuffer(), Heartbeat.class))
                .isInstanceOfSatisfying(BadInput.class, bad -> {
                    assertThat(bad.name()).isEqualTo(name);
                    assertThat(bad.expected()).isNotBlank();
                    if (expected != null) {
                        assertThat(bad.expected()).isEqualTo(expected);
                    }
                });
    }

    @Test
    void aValueThatIsWrittenAsTextIsNamedAsOneField() {
        Buffer wrong = Buffer.buffer("{\"range\": \"60999-32768\"}");

        assertThatThrownBy(() -> Wire.STRICT.read(wrong, Holder.class))
                .isInstanceOfSatisfying(
                        BadInput.class, bad -> assertThat(bad.name()).isEqualTo("range"));
    }

    record Holder(PortRange range) {}

    @Test
    void aGatewayThatTalksTooMuchDoesNotSilenceItsNode() {
        JsonObject word = new JsonObject(HEARTBEAT);
        JsonObject gateway = word.getJsonObject("gateway").put("version", "v".repeat(5000));
        gateway.getJsonObject("probe").put("detail", "d".repeat(5000));
        gateway.getJsonArray("findings").getJsonObject(0).put("detail", "f".repeat(5000));

        GatewayReport report =
                Wire.LENIENT.read(word.toBuffer(), Heartbeat.class).gateway();

        assertThat(report.version()).hasSize(120);
        assertThat(report.findings().get(0).detail()).hasSize(500);
        assertThat(report.probe()).satisfies(probe -> assertThat(probe.detail()).hasSize(500));
    }

    private record Told(
            @JsonDeserialize(using = Told.Reader.class) Object what) {
        private static final AtomicInteger READERS = new AtomicInteger();

        private static final class Reader extends StdScalarDeserializer<Object> {
            private static final long serialVersionUID = 1L;

            Reader() {
                super(Object.class);
                READERS.incrementAndGet();
            }

            @Override
            public Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
                return parser.getText();
            }
        }
    }

    @Test
    void aTypeThatIsPreparedIsLookedUpBeforeItsFirstWord() {
        assertThat(Told.READERS).hasValue(0);
        Wire.LENIENT.prepare(Told.class);

        assertThat(Told.READERS).hasValue(1);
        assertThat(Wire.LENIENT
                        .read(Buffer.buffer("{\"what\":\"hello\"}"), Told.class)
                        .what())
                .isEqualTo("hello");
        assertThat(Told.READERS).as("not once more").hasValue(1);
    }

    @Test
    void aFieldOfANewerVersionIsIgnoredAndCountedByTheLenientReaderAndNamedByTheStrictOne() {
        Buffer newer = new JsonObject(HEARTBEAT)
                .put("mood", new JsonObject().put("good", true))
                .toBuffer();
        long before = Wire.LENIENT.ignoredFields();

        assertThat(Wire.LENIENT.read(newer, Heartbeat.class).sequence()).isEqualTo(3);
        assertThat(Wire.LENIENT.ignoredFields()).isEqualTo(before + 1);
        assertThatThrownBy(() -> Wire.STRICT.read(newer, Heartbeat.class))
                .isInstanceOfSatisfying(
                        BadInput.class, bad -> assertThat(bad.name()).isEqualTo("mood"));
    }
}
