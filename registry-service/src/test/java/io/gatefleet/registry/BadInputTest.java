package io.gatefleet.registry;

import static io.gatefleet.registry.RegistryUnderTest.path;
import static io.gatefleet.registry.RegistryUnderTest.read;
import static io.gatefleet.registry.Words.MAIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.instance.InstanceView;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.runtime.HttpEdge;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import io.vertx.ext.web.client.HttpResponse;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever cannot be used is answered with what it was and what would have been right, and changes nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
    private final RegistryUnderTest registry = new RegistryUnderTest(RegistryConfig.defaults());

    @SuppressWarnings("NullAway.Init")
    private Lease lease;

    @SuppressWarnings("NullAway.Init")
    private InstanceView before;

    @BeforeAll
    void start() throws TimeoutException {
        registry.start();
        lease = registry.join(MAIN, 7);
        registry.heartbeat(MAIN, Words.beat(lease, 1));
        before = view();
    }

    @AfterAll
    void close() throws TimeoutException {
        registry.close();
    }

    @AfterEach
    void nothingHasChanged() throws TimeoutException {
        assertThat(registry.allocator.asked(Object.class))
                .as("the allocator heard of the good words only")
                .hasSize(2);
        InstanceView after = view();
        assertThat(after.report()).isEqualTo(before.report());
        assertThat(after.lease()).isEqualTo(before.lease());
        assertThat(after.present()).isTrue();
        assertThat(registry.get("/v1/instances").bodyAsJsonObject().getJsonArray("items"))
                .hasSize(1);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(delimiter = '|', textBlock = """
            /incarnation              | null         | incarnation               | a value
            /incarnation              | 0            | incarnation               | 1 to 2^53 - 1
            /incarnation              | -1           | incarnation               | 1 to 2^53 - 1
            /incarnation              | 9007199254740992 | incarnation           | 1 to 2^53 - 1
            /incarnation              | "7"          | incarnation               | a whole number
            /incarnation              | 7.5          | incarnation               | a whole number
            /incarnation              | {}           | incarnation               | a whole number
            /flavor                   | "hermes"     | flavor                    | openclaw, clawdbot, omniclaw or simulated
            /flavor                   | null         | flavor                    | a value
            /flavor                   | 3            | flavor                    | openclaw, clawdbot, omniclaw or simulated
            /version                  | "2026 9"     | version                   | 1 to 40 letters, digits, '.', '+', '_' and '-'
            /layout                   | ""           | layout                    | 1 to 60 of a-z, 0-9, '.', '+' and '-', for example openclaw-wide
            /layout                   | "Wide"       | layout                    | 1 to 60 of a-z, 0-9, '.', '+' and '-', for example openclaw-wide
            /layout                   | ["wide"]     | layout                    | a string
            /footprint                | "1-3"        | footprint                 |
            /footprint                | "0-256"      | footprint                 |
            /footprint                | "0-"         | footprint                 |
            /footprint                | ""           | footprint                 |
            /footprint                | 111          | footprint                 | a string
            /facts                    | null         | facts                     | a value
            /facts                    | []           | facts                     | a JSON object
            /facts/portSpace          | null         | facts.portSpace           | a value
            /facts/listeners          | null         | facts.listeners           | a value
            /facts/listeners          | [null]       | facts.listeners[0]        | a value
            /facts/listeners          | [{"port": 0, "address": "::", "guarded": false, "reading": "PLAIN"}] | facts.listeners[0].port | 1 to 65535
            /facts/listeners          | [{"port": 65536, "address": "::", "guarded": false, "reading": "PLAIN"}] | facts.listeners[0].port | 1 to 65535
            /facts/guards             | "70000"      | facts.guards              |
            /facts/guards             | "a"          | facts.guards              |
            /facts/ephemeral          | "60999-32768" | facts.ephemeral          |
            /facts/nodePorts          | "yes"        | facts.nodePorts           | a boolean
            /claim                    | {"base": 65500, "footprint": "0-110", "fence": 1, "guard": "held"} | claim.base |
            /claim                    | {"base": 20000, "footprint": "0-110", "fence": 1, "guard": "perhaps"} | claim.guard | held or missing
            /rejected                 | {"fence": 1, "busy": []} | rejected.busy | 1 to 512
            /rejected                 | {"fence": 1, "busy": [{"port": 99999, "protocol": "tcp"}]} | rejected.busy[0].port | 1 to 65535
            /rejected                 | {"fence": 1, "busy": [{"port": 99, "protocol": "sctp"}]} | rejected.busy[0].protocol | udp, tcp or neighbour
            /address                  | "http://a b" | address                   | an IP address or a host name
            /nodePid                  | "self"       | nodePid                   | a whole number
            /labels                   | ["a"]        | labels                    | a JSON object
            /labels                   | {"": "x"}    | labels key                |
            /labels                   | {"a b": "x"} | labels key                |
            /labels                   | {"a": null}  | labels.a                  | a value
            /labels                   | {"a": 5}     | labels.a                  | a string
            """)
    void aRegistrationNamesTheFieldTheValueAndWhatWasExpected(String where, String json, String name, String expected)
            throws TimeoutException {
        JsonObject word = Wire.LENIENT.write(Words.join(8)).toJsonObject();
        JsonPointer.from(where).writeJson(word, Json.decodeValue(json));

        refused(registry.send(HttpMethod.PUT, path(MAIN), word.toBuffer()), name, expected);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(delimiter = '|', textBlock = """
            /incarnation               | null       | incarnation        | a value
            /sequence                  | -1         | sequence           | 0 or more
            /sequence                  | "2"        | sequence           | a whole number
            /sequence                  | null       | sequence           | a value
            /guard                     | "loose"    | guard              | held or missing
            /lease                     | null       | lease              | a value
            /lease/holder/instance     | "rescue"   | lease.holder       | mill/main, who is speaking
            /lease/holder/host         | "barn"     | lease.holder       | mill/main, who is speaking
            /lease/base                | 0          | lease.base         |
            /lease/state               | "stolen"   | lease.state        | offered, confirmed or revoked
            /gateway/state             | "asleep"   | gateway.state      | stopped, starting, running, draining, exited, backoff or unguarded
            /gateway/stateForMillis    | -5         | gateway.stateForMillis | 0 or more
            /gateway/probe/live        | 1          | gateway.probe.live | a boolean
            /gateway/findings          | {}         | gateway.findings   | a list
            /gateway/pid               | 3.5        | gateway.pid        | a whole number
            /nodeResidentBytes         | "much"     | nodeResidentBytes  | a whole number
            """)
    void aHeartbeatNamesTheFieldTheValueAndWhatWasExpected(String where, String json, String name, String expected)
            throws TimeoutException {
        JsonObject word = Wire.LENIENT.write(Words.beat(lease, 2)).toJsonObject();
        JsonPointer.from(where).writeJson(word, Json.decodeValue(json));

        refused(registry.send(HttpMethod.POST, path(MAIN) + "/heartbeats", word.toBuffer()), name, expected);
    }

    @Test
    void seventeenFindingsAreOneTooMany() throws TimeoutException {
        JsonObject word = Wire.LENIENT.write(Words.beat(lease, 2)).toJsonObject();
        JsonArray findings = new JsonArray();
        IntStream.range(0, 17)
                .forEach(i -> findings.add(new JsonObject().put("code", "c").put("detail", "d")));
        word.getJsonObject("gateway").put("findings", findings);

        refused(
                registry.send(HttpMethod.POST, path(MAIN) + "/heartbeats", word.toBuffer()),
                "gateway.findings",
                "at most 16");
    }

    @Test
    void tenThousandLabelsAreRefusedByTheirNumber() throws TimeoutException {
        Map<String, Object> labels =
                IntStream.range(0, 10_000).boxed().collect(Collectors.toMap(i -> "key" + i, i -> "value"));
        JsonObject word = Wire.LENIENT.write(Words.join(8)).toJsonObject().put("labels", new JsonObject(labels));

        JsonObject problem =
                refused(registry.send(HttpMethod.PUT, path(MAIN), word.toBuffer()), "labels", "at most 32");
        assertThat(problem.getString("value")).isEqualTo("10000 entries");
    }

    @Test
    void tooManyListenersAreRefusedByTheirNumber() throws TimeoutException {
        JsonObject word = Wire.LENIENT.write(Words.join(8)).toJsonObject();
        JsonArray listeners = new JsonArray();
        IntStream.range(1, 4098)
                .forEach(port -> listeners.add(new JsonObject()
                        .put("port", port)
                        .put("address", "::")
                        .put("guarded", false)
                        .put("reading", "PLAIN")));
        word.getJsonObject("facts").put("listeners", listeners);

        refused(registry.send(HttpMethod.PUT, path(MAIN), word.toBuffer()), "facts.listeners", "at most 4096");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            PUT    | /v1/instances/mill/main?force=true        | force       | no query parameters here
            PUT    | /v1/instances/MILL/main                   | host        | a lower-case RFC 1123 name of 1 to 253 characters
            PUT    | /v1/instances/mi_ll/main                  | host        | a lower-case RFC 1123 name of 1 to 253 characters
            PUT    | /v1/instances/-mill/main                  | host        | a lower-case RFC 1123 name of 1 to 253 characters
            PUT    | /v1/instances/mill../main                 | host        | a lower-case RFC 1123 name of 1 to 253 characters
            PUT    | /v1/instances/mill/Main                   | instance    | 1 to 40 of a-z, 0-9 and -, a hyphen neither first nor last
            PUT    | /v1/instances/mill/main-                  | instance    | 1 to 40 of a-z, 0-9 and -, a hyphen neither first nor last
            PUT    | /v1/instances/mill/ma%2Fin                | instance    | 1 to 40 of a-z, 0-9 and -, a hyphen neither first nor last
            PUT    | /v1/instances/mill/ma%00in                | instance    | 1 to 40 of a-z, 0-9 and -, a hyphen neither first nor last
            POST   | /v1/instances/mill/Main/heartbeats        | instance    | 1 to 40 of a-z, 0-9 and -, a hyphen neither first nor last
            GET    | /v1/instances/mill/Main                   | instance    | 1 to 40 of a-z, 0-9 and -, a hyphen neither first nor last
            GET    | /v1/instances/mill/main?verbose=1         | verbose     | no query parameters here
            DELETE | /v1/instances/mill/main                   | incarnation | the incarnation that ends
            DELETE | /v1/instances/mill/main?incarnation=      | incarnation | 1 to 2^53 - 1
            DELETE | /v1/instances/mill/main?incarnation=x     | incarnation | 1 to 2^53 - 1
            DELETE | /v1/instances/mill/main?incarnation=0     | incarnation | 1 to 2^53 - 1
            DELETE | /v1/instances/mill/main?incarnation=99999999999999999999 | incarnation | 1 to 2^53 - 1
            DELETE | /v1/instances/mill/main?incarnation=7&incarnation=8 | incarnation | at most once
            DELETE | /v1/instances/mill/main?incarnation=7&portsClosed=yes | portsClosed | true or false
            DELETE | /v1/instances/mill/main?incarnation=7&force=true | force | one of incarnation, portsClosed
            GET    | /v1/instances?host=MILL                   | host        | a lower-case RFC 1123 name of 1 to 253 characters
            GET    | /v1/instances?hots=mill                   | hots        | one of flavor, host, label, limit, pageToken, state
            GET    | /v1/instances?host=a&host=b               | host        | at most once
            GET    | /v1/instances?flavor=hermes               | flavor      | openclaw, clawdbot, omniclaw or simulated
            GET    | /v1/instances?state=asleep                | state       | stopped, starting, running, draining, exited, backoff or unguarded
            GET    | /v1/instances?label=team%20in%20a         | label       | KEY, !KEY, KEY=VALUE, KEY!=VALUE, KEY in (A,B) or KEY notin (A,B), with commas between several
            GET    | /v1/instances?label==x                    | label       | KEY, !KEY, KEY=VALUE, KEY!=VALUE, KEY in (A,B) or KEY notin (A,B), with commas between several
            GET    | /v1/instances?label=-a=1                  | labels key  |
            GET    | /v1/instances?limit=0                     | limit       | a whole number, 1 to 1000
            GET    | /v1/instances?limit=1001                  | limit       | a whole number, 1 to 1000
            GET    | /v1/instances?pageToken=~                 | pageToken   | the nextPageToken of a page before
            """)
    void aPathOrQueryNamesWhatCannotBeUsed(String method, String path, String name, String expected)
            throws TimeoutException {
        Buffer body = path.contains("heartbeats")
                ? Wire.LENIENT.write(Words.beat(lease, 2))
                : Wire.LENIENT.write(Words.join(8));
        HttpResponse<Buffer> answer = method.startsWith("P")
                ? registry.send(HttpMethod.valueOf(method), path, body)
                : registry.request(HttpMethod.valueOf(method), path);

        refused(answer, name, expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"incarnation\":",
                "nonsense",
                "[]",
                "null",
                "\"x\"",
                "7",
                "{\"incarnation\":1,\"incarnation\":2}"
            })
    void aBodyThatIsNoSuchWordIsSaidToBeNone(String body) throws TimeoutException {
        for (String where : new String[] {path(MAIN), path(MAIN) + "/heartbeats"}) {
            HttpMethod method = where.endsWith("heartbeats") ? HttpMethod.POST : HttpMethod.PUT;
            HttpResponse<Buffer> answer = registry.send(method, where, Buffer.buffer(body));

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.bodyAsJsonObject().getString("code")).isEqualTo("bad-input");
            assertThat(answer.bodyAsJsonObject().getString("name")).isEqualTo("body");
        }
    }

    @Test
    void anEmptyBodyAnotherMediaTypeAndAnOversizedBodyAreRefused() throws TimeoutException {
        assertThat(registry.send(HttpMethod.PUT, path(MAIN), Buffer.buffer()).statusCode())
                .isEqualTo(400);
        HttpResponse<Buffer> text =
                registry.send(HttpMethod.PUT, path(MAIN), "text/plain", Wire.LENIENT.write(Words.join(8)));
        assertThat(text.statusCode()).isEqualTo(415);
        assertThat(text.bodyAsJsonObject().getString("detail")).contains("text/plain", "application/json");

        JsonObject large = Wire.LENIENT.write(Words.join(8)).toJsonObject();
        JsonArray filling = new JsonArray();
        IntStream.range(0, (int) (HttpEdge.LARGEST_BODY_BYTES / 1000) + 1).forEach(i -> filling.add("x".repeat(1000)));
        HttpResponse<Buffer> oversized = registry.send(
                HttpMethod.PUT, path(MAIN), large.put("filling", filling).toBuffer());
        assertThat(oversized.statusCode()).isEqualTo(413);
        assertThat(oversized.bodyAsJsonObject().getString("name")).isEqualTo("body");
        assertThat(oversized.bodyAsJsonObject().getString("expected")).contains("1048576");
    }

    private JsonObject refused(HttpResponse<Buffer> answer, String name, String expected) {
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(400);
        assertThat(answer.getHeader("content-type")).isEqualTo("application/problem+json");
        JsonObject problem = answer.bodyAsJsonObject();
        assertThat(problem.getString("code")).isEqualTo("bad-input");
        assertThat(problem.getString("name")).isEqualTo(name);
        assertThat(problem.getString("value")).isNotNull();
        assertThat(problem.getString("detail")).contains("expected");
        if (expected == null) {
            assertThat(problem.getString("expected")).isNotBlank();
        } else {
            assertThat(problem.getString("expected")).isEqualTo(expected);
        }
        return problem;
    }

    private InstanceView view() throws TimeoutException {
        return read(registry.get(path(MAIN)), InstanceView.class);
    }
}
