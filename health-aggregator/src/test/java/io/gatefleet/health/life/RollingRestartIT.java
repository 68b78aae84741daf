package io.gatefleet.health.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every member is restarted in order, one after the other, each when the one before is ready, under nodes that beat. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RollingRestartIT {
    private static final int SIGTERM = 143;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    @Test
    void noHeartbeatFailsNoRegistrationFailsAndNoLeaseLapses() throws Exception {
        try (Plane plane = new Plane(home, 3, 2, 2)) {
            plane.startAll();
            plane.allAreReady();
            try (Load load = Load.on(plane.registries(), 40, 4)) {
                load.heardAgain(200);
                double lapsed = 0;
                for (int number = 0; number < plane.size(); number++) {
                    Member old = plane.member(number);
                    lapsed += old.meter("gatefleet_lease_lapsed_total");
                    old.tell("TERM");
                    assertSaysThatItGoesAndThenIsGone(old);
                    assertThat(old.ended()).isEqualTo(SIGTERM);
                    assertThat(old.log()).anyMatch(line -> line.contains("is gone"));
                    assertThat(old.log()).noneMatch(line -> line.contains("did not stop in order"));
                    plane.start(number, Plane.classPath());
                    plane.isReady(number);
                    load.heardAgain(100);
                }
                for (int number = 0; number < plane.size(); number++) {
                    lapsed += plane.member(number).meter("gatefleet_lease_lapsed_total");
                }
                load.end();

                System.out.printf(
                        "%d members restarted: %d heartbeats and %d registrations; %s%n",
                        plane.size(), load.heard(), load.joined(), load.times());
                assertThat(load.failures()).isEmpty();
                assertThat(load.moved())
                        .as("nodes with other ports than before")
                        .isEmpty();
                assertThat(load.joined()).isGreaterThan(50);
                assertThat(lapsed).as("leases that lapsed").isZero();
            }
            assertEveryAggregatorSeesAll(plane);
        }
    }

    /** 503 comes before the door is shut: whoever sends work by readiness has time to see it. */
    private static void assertSaysThatItGoesAndThenIsGone(Member member) {
        List<String> said = new ArrayList<>();
        await().atMost(Plane.SOON)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    Optional<String> answer = member.readiness();
                    said.add(answer.map(text -> text.substring(0, 3)).orElse("gone"));
                    return answer.isEmpty();
                });
        assertThat(String.join(" ", said)).as("of %s", member.http()).matches("(200 )*(503 )+gone");
    }

    private static void assertEveryAggregatorSeesAll(Plane plane) {
        for (int number = 5; number < 7; number++) {
            Member aggregator = plane.member(number);
            await().atMost(Plane.SOON)
                    .untilAsserted(() -> assertThat(aggregator.get("/v1/fleet/health", Duration.ofSeconds(5)))
                            .hasValueSatisfying(health -> assertThat(health).startsWith("200")));
        }
    }
}
