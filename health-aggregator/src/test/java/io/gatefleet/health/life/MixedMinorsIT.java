package io.gatefleet.health.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.bus.Exchange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Members of two versions: those that can keep ledgers together, and those that cannot. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MixedMinorsIT {
    private static final int ALLOCATORS = 3;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    @Test
    void aMinorThatAddsFieldsAndTagsIsUpgradedToAndBackWithoutLosingAWord() throws Exception {
        String newer = OtherBuild.ofTheNextMinor(home.resolve("next")).classPath();
        try (Plane plane = new Plane(home, ALLOCATORS, 2, 0)) {
            plane.startAll();
            plane.allAreReady();
            try (Load load = Load.on(plane.registries(), 40, 4)) {
                load.heardAgain(200);
                // With each member that is replaced another mixture decides: ledgers go from one version to the other
                // and
                // back, and each registry asks allocators of both.
                for (int number : new int[] {0, 3, 1, 2}) {
                    replace(plane, number, newer);
                    load.heardAgain(200);
                }
                double ignored = plane.member(4).meter("gatefleet_wire_ignored_total");
                assertThat(ignored)
                        .as("fields that the last registry of this minor met and did not know")
                        .isPositive();
                replace(plane, 4, newer);
                load.heardAgain(200);
                // Back: it takes its share of ledgers that newer ones wrote.
                replace(plane, 0, Plane.classPath());
                load.heardAgain(200);
                load.end();

                System.out.printf(
                        "upgraded and one back: %d heartbeats and %d registrations; %s%n",
                        load.heard(), load.joined(), load.times());
                assertThat(load.failures()).isEmpty();
                assertThat(load.moved()).isEmpty();
            }
            assertBothSayTheSameOfEveryHost(plane);
        }
    }

    private static void replace(Plane plane, int number, String classPath) throws Exception {
        Member old = plane.member(number);
        old.tell("TERM");
        old.ended();
        plane.start(number, classPath);
        plane.isReady(number);
    }

    private static void assertBothSayTheSameOfEveryHost(Plane plane) {
        for (int host = 0; host < 8; host++) {
            String leases = "/v1/hosts/mill-" + host + "/leases?limit=100";
            // Nobody beats now, so nothing changes between the two questions but what lapses after 30 s of silence.
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                Optional<String> old = plane.member(0).get(leases, Duration.ofSeconds(5));
                assertThat(old)
                        .hasValueSatisfying(
                                text -> assertThat(text).startsWith("200").contains("node-"));
                assertThat(plane.member(1).get(leases, Duration.ofSeconds(5)).map(MixedMinorsIT::withoutWhatWasAdded))
                        .isEqualTo(old);
            });
        }
    }

    private static String withoutWhatWasAdded(String json) {
        return json.replaceAll(",\"addedInTheNextMinor\":-?\\d+", "");
    }

    @Test
    void aMemberWhoseLedgersHaveAnotherFormIsRefusedAndSaysThatAllMustBeStopped() throws Exception {
        String other = OtherBuild.ofAnotherForm(home.resolve("other")).classPath();
        try (Plane plane = new Plane(home, ALLOCATORS + 1, 1, 0)) {
            for (int number : new int[] {0, 1, 2, 4}) {
                plane.start(number, Plane.classPath());
            }
            plane.allAreReady();
            try (Load load = Load.on(plane.registries(), 20, 2)) {
                load.heardAgain(100);
                Member refused = plane.start(3, other);
                assertThat(refused.ended()).isEqualTo(1);
                assertThat(refused.log()).anySatisfy(line -> assertThat(line)
                        .contains("port-allocator does not join: member 127.0.0.1:")
                        .contains("has bus in form %d, ledger in form 2; this one,".formatted(Exchange.FORM))
                        .contains(
                                ("has bus in form %d, ledger in form 1 (expected: the same on all members; stop all members,"
                                                + " then start all of one version: gateways run on meanwhile)")
                                        .formatted(Exchange.FORM)));
                load.heardAgain(100);
                load.end();
                assertThat(load.moved())
                        .as("nodes with other ports than before")
                        .isEmpty();
                for (int number : new int[] {0, 1, 2, 4}) {
                    plane.isReady(number);
                }
            }
            // As it says.
            for (int number : new int[] {0, 1, 2, 4}) {
                plane.member(number).tell("TERM");
            }
            for (int number : new int[] {0, 1, 2, 4}) {
                plane.member(number).ended();
            }
            for (int number = 0; number < plane.size(); number++) {
                plane.start(number, other);
            }
            plane.allAreReady();
        }
    }
}
