package io.gatefleet.health.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.allocator.AllocatorVerticle;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Leases;
import io.gatefleet.contract.lease.ReleaseLease;
import io.gatefleet.runtime.Meters;
import io.gatefleet.runtime.cluster.ClusterMember;
import io.vertx.core.eventbus.ReplyException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Members that stand still, and those that are left alone by it. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WokenMemberIT {
    /** The others remove who is silent for 10 s, one look in 2 s later, and one of two after the other: measured, 15 s. */
    private static final Duration NOTICED = Duration.ofSeconds(20);

    private static final ReleaseLease NOBODYS =
            new ReleaseLease(new InstanceKey(new HostId("mill"), new InstanceId("nobody")), new Incarnation(1), true);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    @Test
    void whoStoodStillIsNotReadyFromItsFirstAnswerUntilItIsBackUnderItsOldName() throws Exception {
        try (Plane plane = new Plane(home, 3, 0, 0)) {
            plane.startAll();
            plane.allAreReady();
            ClusterMember guest = ClusterMember.join("guest", plane.guest(), Meters.of("guest"));
            try {
                plane.allAreReady();
                List<String> names = guest.with(AllocatorVerticle.SERVICE);
                Set<UUID> members = members(guest);
                assertThat(names).hasSize(3);
                standsStill(plane);
                await().atMost(Plane.SOON).untilAsserted(() -> assertThat(guest.with(AllocatorVerticle.SERVICE))
                        .containsExactlyInAnyOrderElementsOf(names));
                assertThat(members(guest)).as("to Hazelcast it is another one").isNotEqualTo(members);
                for (String name : names) {
                    await().atMost(Plane.SOON)
                            .ignoreException(ReplyException.class)
                            .until(() -> Leases.RELEASE
                                            .of(name)
                                            .ask(guest.vertx().eventBus(), NOBODYS, Duration.ofSeconds(1))
                                            .await()
                                    != null);
                }
            } finally {
                guest.vertx().close().await(20, TimeUnit.SECONDS);
                guest.leave();
            }
        }
    }

    private static void standsStill(Plane plane) throws Exception {
        Member still = plane.member(1);
        still.tell("STOP");
        long stopped = System.nanoTime();
        // Asked while it stands still: the first thing that it says when it wakes.
        CompletableFuture<Optional<String>> first =
                CompletableFuture.supplyAsync(() -> still.get("/readyz", Duration.ofSeconds(60)));
        await().atMost(Plane.SOON).until(() -> System.nanoTime() - stopped > NOTICED.toNanos());
        still.tell("CONT");
        long woken = System.nanoTime();

        List<String> said = new ArrayList<>();
        said.add(first.get(60, TimeUnit.SECONDS).orElse("nothing"));
        await().atMost(Plane.SOON)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    still.readiness().ifPresent(said::add);
                    return said.get(said.size() - 1).startsWith("200");
                });
        System.out.printf(
                "woken after %d ms: ready %d ms later, after %d answers; the first: %s%n",
                (woken - stopped) / 1_000_000, (System.nanoTime() - woken) / 1_000_000, said.size(), said.get(0));
        assertThat(said.get(0)).startsWith("503");
        assertThat(said.subList(0, said.size() - 1)).allMatch(answer -> answer.startsWith("503"));
        plane.allAreReady();
    }

    private static Set<UUID> members(ClusterMember guest) {
        return guest.hazelcast().getCluster().getMembers().stream()
                .map(com.hazelcast.cluster.Member::getUuid)
                .collect(Collectors.toSet());
    }

    @Test
    void whoIsLeftAloneSaysSoBeforeTheOthersAreGivenUp() throws Exception {
        try (Plane plane = new Plane(home, 3, 0, 0)) {
            plane.startAll();
            plane.allAreReady();
            Member left = plane.member(2);
            long stopped = System.nanoTime();
            plane.member(0).tell("STOP");
            plane.member(1).tell("STOP");

            await().atMost(Duration.ofSeconds(6))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> says(left, "do not answer"));
            long doubted = System.nanoTime();
            await().atMost(NOTICED.multipliedBy(2))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> {
                        assertThat(left.readiness())
                                .hasValueSatisfying(said -> assertThat(said).startsWith("503"));
                        return says(left, "in a minority");
                    });
            long sure = System.nanoTime();
            System.out.printf(
                    "two of three frozen: doubted after %d ms, in a minority after %d ms%n",
                    (doubted - stopped) / 1_000_000, (sure - stopped) / 1_000_000);
            assertThat(Duration.ofNanos(sure - stopped)).isLessThan(NOTICED);
        }
    }

    private static boolean says(Member member, String what) {
        return member.readiness()
                .filter(said -> said.startsWith("503") && said.contains(what))
                .isPresent();
    }
}
