package io.gatefleet.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.Registration;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.watch.Revision;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstanceListTest {
    private final RegistryUnderTest registry = new RegistryUnderTest(RegistryConfig.defaults());

    @BeforeEach
    void start() throws TimeoutException {
        registry.start();
    }

    @AfterEach
    void close() throws TimeoutException {
        registry.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            ?limit=100                        | barn/main mill/main mill/rescue
            ?host=mill                        | mill/main mill/rescue
            ?flavor=openclaw                  | barn/main mill/main
            ?state=running                    | mill/main
            ?state=starting                   | barn/main mill/rescue
            ?label=team=a                     | barn/main mill/main
            ?label=team=a&label=tier=1        | mill/main
            ?label=team=                      | mill/rescue
            ?label=team=a%20b                 |
            ?label=team                       | barn/main mill/main mill/rescue
            ?label=!tier                      | barn/main mill/rescue
            ?label=team!=a                    | mill/rescue
            ?label=team%20in%20(a,b),!tier    | barn/main
            ?label=tier%20notin%20(1,2)       | barn/main mill/rescue
            ?host=mill&flavor=openclaw&state=running&label=tier=1 | mill/main
            ?host=nowhere                     |
            """)
    void filtersAskForEveryPartOfThem(String query, String keys) throws TimeoutException {
        Lease main = join(Words.MAIN, Flavor.OPENCLAW, Map.of("team", "a", "tier", "1"));
        Lease rescue = join(Words.RESCUE, Flavor.SIMULATED, Map.of("team", ""));
        join(Words.key("barn", "main"), Flavor.OPENCLAW, Map.of("team", "a"));
        registry.heartbeat(Words.MAIN, Words.beat(main, 1));
        registry.heartbeat(Words.RESCUE, Words.beat(rescue, 1, GatewayState.STARTING));

        List<String> found = items(registry.get("/v1/instances" + query).bodyAsJsonObject());

        assertThat(found).isEqualTo(keys == null ? List.of() : List.of(keys.split(" ")));
    }

    @Test
    void pagesAreInTheOrderOfHostsAndNeitherSkipNorRepeatWhileOthersComeAndGo() throws TimeoutException {
        // In plain text order a host's name would end behind the "-" or "." of a longer one.
        List<String> hosts = List.of("a", "a-1", "a.1", "a1", "b");
        for (String host : hosts) {
            registry.join(Words.key(host, "main"), 1);
            registry.join(Words.key(host, "x-1"), 1);
        }
        List<String> seen = new ArrayList<>();
        long revision = -1;
        String token = "";
        int page = 0;
        do {
            JsonObject body = registry.get("/v1/instances?limit=3" + token).bodyAsJsonObject();
            assertThat(body.getJsonArray("items").size()).isLessThanOrEqualTo(3);
            long next = Revision.parse(body.getString("revision")).number();
            assertThat(next).isGreaterThan(revision);
            revision = next;
            seen.addAll(items(body));
            token = body.getString("nextPageToken") == null ? null : "&pageToken=" + body.getString("nextPageToken");
            // One behind the token, which must not be shown again, and one before the end, which must.
            registry.join(Words.key("a", "late-" + page), 1);
            registry.join(Words.key("c", "late-" + page), 1);
            page++;
        } while (token != null);

        assertThat(seen).doesNotHaveDuplicates().contains("c/late-0", "c/late-1");
        assertThat(seen.stream().filter(key -> !key.contains("late")))
                .containsExactly(
                        "a/main",
                        "a/x-1",
                        "a-1/main",
                        "a-1/x-1",
                        "a.1/main",
                        "a.1/x-1",
                        "a1/main",
                        "a1/x-1",
                        "b/main",
                        "b/x-1");
    }

    @Test
    void anEmptyRegistryAnswersAnEmptyPage() throws TimeoutException {
        JsonObject body = registry.get("/v1/instances").bodyAsJsonObject();

        assertThat(body.getJsonArray("items")).isEmpty();
        assertThat(body.containsKey("nextPageToken")).isFalse();
        assertThat(Revision.parse(body.getString("revision")).number()).isZero();
    }

    private Lease join(InstanceKey key, Flavor flavor, Map<String, String> labels) throws TimeoutException {
        return RegistryUnderTest.read(registry.register(key, Words.join(1, flavor, labels, null)), Registration.class)
                .lease();
    }

    private static List<String> items(JsonObject page) {
        return page.getJsonArray("items").stream()
                .map(item -> ((JsonObject) item).getJsonObject("key"))
                .map(key -> key.getString("host") + "/" + key.getString("instance"))
                .toList();
    }
}
