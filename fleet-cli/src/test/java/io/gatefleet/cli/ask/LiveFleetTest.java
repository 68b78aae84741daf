package io.gatefleet.cli.ask;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatefleet.cli.ask.ServerEvents.Event;
import io.gatefleet.contract.bus.Wire;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LiveFleetTest {
    private static final String READY =
            "{'key':'instance/mill/main','item':{'key':1,'verdict':{'state':'ready','sinceMillisAgo':500}},'agoMillis':100}";

    private final LiveFleet fleet = new LiveFleet();

    @Test
    void aSnapshotIsSeenWhenItIsWhole() {
        assertThat(take("snapshot", "{'items':[" + READY + "]}", 0)).isFalse();
        assertThat(fleet.isWhole()).isFalse();
        assertThat(take("snapshot", "{'items':[{'key':'fleet','item':{'sentence':'Well.'},'agoMillis':0}]}", 0))
                .isFalse();
        assertThat(take("synced", "{'pictureAgeMillis':7}", 0)).isTrue();

        assertThat(fleet.isWhole()).isTrue();
        assertThat(fleet.health(0).path("sentence").asText()).isEqualTo("Well.");
        assertThat(fleet.instances(0)).hasSize(1);
    }

    @Test
    void oneThatWasCutOffInTheMiddleIsForgotten() {
        take("snapshot", "{'items':[" + READY + "]}", 0);
        fleet.connected();
        take("snapshot", "{'items':[]}", 0);
        take("synced", "{}", 0);

        assertThat(fleet.instances(0)).isEmpty();
    }

    @Test
    void aNewSnapshotTakesThePlaceOfAllBefore() {
        take("snapshot", "{'items':[" + READY + "]}", 0);
        take("synced", "{}", 0);
        take("snapshot", "{'items':[]}", 0);
        assertThat(fleet.instances(0)).as("the last whole one is kept").hasSize(1);

        take("synced", "{}", 0);
        assertThat(fleet.instances(0)).isEmpty();
    }

    @Test
    void whatComesAndGoesIsNewsAndThatTheServiceLivesIsNone() {
        take("synced", "{}", 0);

        assertThat(take("instance", READY, 0)).isTrue();
        assertThat(take("alive", "{'pictureAgeMillis':3}", 0)).isFalse();
        assertThat(fleet.health(0).path("observer").path("pictureAgeMillis").asInt())
                .isEqualTo(3);
        assertThat(take("gone", "{'kind':'gone','key':'instance/mill/main','agoMillis':0}", 0))
                .isTrue();
        assertThat(fleet.instances(0)).isEmpty();
    }

    @Test
    void agesGrow() {
        take("synced", "{'pictureAgeMillis':5}", 0);
        take("instance", READY, 0);
        take("problem", "{'key':'problem/0-01-x-','item':{'code':'x','sinceMillisAgo':40},'agoMillis':0}", 0);
        long later = TimeUnit.SECONDS.toNanos(2);

        assertThat(fleet.instances(later)
                        .path(0)
                        .path("verdict")
                        .path("sinceMillisAgo")
                        .asLong())
                .isEqualTo(500 + 100 + 2000);
        assertThat(fleet.health(later)
                        .path("problems")
                        .path(0)
                        .path("sinceMillisAgo")
                        .asLong())
                .isEqualTo(2040);
        assertThat(fleet.health(later).path("observer").path("pictureAgeMillis").asLong())
                .isEqualTo(2005);
        assertThat(fleet.instances(0)
                        .path(0)
                        .path("verdict")
                        .path("sinceMillisAgo")
                        .asLong())
                .as("what was told is not changed")
                .isEqualTo(600);
    }

    @Test
    void problemsStandInTheOrderInWhichTheyAreToBeDealtWith() {
        take("synced", "{}", 0);
        for (String key : new String[] {"1-02-b-", "0-11-c-", "0-02-a-"}) {
            take("problem", "{'key':'problem/%s','item':{'code':'%s'},'agoMillis':0}".formatted(key, key), 0);
        }

        assertThat(fleet.health(0).path("problems"))
                .extracting(problem -> problem.path("code").asText())
                .containsExactly("0-02-a-", "0-11-c-", "1-02-b-");
    }

    private boolean take(String type, String json, long now) {
        byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return fleet.take(new Event("a.1", type, Wire.LENIENT.read(bytes, JsonNode.class)), now);
    }
}
