package io.gatefleet.allocator.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.runtime.Meters;
import io.gatefleet.runtime.cluster.ClusterConfig;
import io.gatefleet.runtime.cluster.ClusterMember;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What disturbs a member as it comes. */
@Timeout(value = 420, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JoiningMemberIT {
    @Test
    void whoseEventBusCannotStartAtFirstTriesAgain() throws Exception {
        ClusterConfig config = TestCluster.of(1).config(0);
        PrometheusMeterRegistry meters = Meters.of("port-allocator");
        try (ServerSocket taken = new ServerSocket(config.busPort(), 1, InetAddress.getByName(config.host()))) {
            // Between two tries, on the thread that joins, the meters of the first one's event bus are taken away.
            meters.config().onMeterRemoved(gone -> free(taken));
            ClusterMember member = ClusterMember.join("port-allocator", config, meters);

            assertThat(taken.isClosed()).as("the first try failed").isTrue();
            assertThat(member.members()).isEqualTo(1);
            member.vertx().close().await(20, TimeUnit.SECONDS);
            member.leave();
        }
    }

    private static void free(ServerSocket taken) {
        try {
            taken.close();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
