package io.gatefleet.allocator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.runtime.Meters;
import io.gatefleet.runtime.cluster.ClusterConfig;
import io.gatefleet.runtime.cluster.ClusterMember;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What disturbs a member as it comes. */
@Timeout(value = 420, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JoiningMemberIT {
    private static final Duration SOON = Duration.ofMinutes(2);

    @Test
    void whoseEventBusCannotStartAtFirstTriesAgain() throws Exception {
        ClusterConfig config = TestCluster.of(1).config(0);
        CompletableFuture<ClusterMember> joining;
        try (ServerSocket taken = new ServerSocket(config.busPort(), 1, InetAddress.getByName(config.host()))) {
            joining = CompletableFuture.supplyAsync(
                    () -> ClusterMember.join("port-allocator", config, Meters.of("port-allocator")));
            await().atMost(SOON).pollInterval(Duration.ofMillis(10)).until(() -> listens(config));
            // It leaves before it tries again.
            await().atMost(SOON).pollInterval(Duration.ofMillis(10)).until(() -> !listens(config));
            assertThat(taken.isBound()).isTrue();
        }

        ClusterMember member = joining.get(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(member.members()).isEqualTo(1);
        member.vertx().close().await(20, TimeUnit.SECONDS);
        member.leave();
    }

    private static boolean listens(ClusterConfig config) {
        try (Socket socket = new Socket(config.host(), config.port())) {
            return socket.isConnected();
        } catch (IOException nobody) {
            return false;
        }
    }
}
