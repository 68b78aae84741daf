package io.gatefleet.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.port.Layouts;
import io.gatefleet.contract.port.PortLayout;
import io.gatefleet.runtime.Meters;
import io.gatefleet.runtime.access.OperatorToken;
import io.gatefleet.runtime.access.Role;
import io.gatefleet.testing.FreePorts;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ManagementTest {
    private static final PortLayout LAYOUT =
            Layouts.known().of(Flavor.SIMULATED, null).dense(0, Set.of());

    @TempDir
    private Path directory = Path.of("");

    @Test
    void aManagementPortStaysOnLoopbackUnlessItIsToldOtherwise() {
        assertThat(parsed()).isEqualTo(Management.LOOPBACK);
    }

    @Test
    void beyondLoopbackItInsistsOnTokens() {
        assertThatThrownBy(() -> parsed("--management-host", "0.0.0.0"))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("management-host")
                .hasMessageContaining("--access-dir");
    }

    @Test
    void whoMayReadIsAnsweredAndNobodyElse() throws IOException, TimeoutException {
        String reader = OperatorToken.random(Role.READ);
        Files.writeString(
                directory.resolve("tokens"),
                OperatorToken.of("prometheus", Role.READ, reader, null).line() + "\n");
        Management management = parsed("--management-host", "0.0.0.0", "--access-dir", directory.toString());
        Vertx vertx = Vertx.vertx();
        try {
            int base = FreePorts.inARow(LAYOUT.footprint().span());
            NodeHttp http =
                    new NodeHttp(vertx, management, () -> Meters.of("gateway-node"), meters -> {}, Optional::empty);
            InstanceKey key = new InstanceKey(new HostId("mill"), new InstanceId("main"));
            http.open(
                    LAYOUT,
                    new Lease(
                            key, new Incarnation(1), base, LAYOUT.footprint(), LAYOUT.name(), 1, LeaseState.CONFIRMED));
            WebClient client = WebClient.create(vertx);
            Awaitility.await().until(() -> status(client, base + 1, "/readyz", null) == 200);

            assertThat(status(client, base + 1, "/metrics", null)).isEqualTo(401);
            assertThat(status(client, base + 1, "/metrics", OperatorToken.random(Role.READ)))
                    .isEqualTo(401);
            assertThat(status(client, base + 1, "/metrics", reader)).isEqualTo(200);
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }

    private static int status(WebClient client, int port, String path, @Nullable String token) {
        HttpRequest<Buffer> request = client.get(port, "127.0.0.1", path);
        if (token != null) {
            request.bearerTokenAuthentication(token);
        }
        try {
            return request.send().await(10, TimeUnit.SECONDS).statusCode();
        } catch (Exception notYet) { // refused: await throws the cause as it is
            return 0;
        }
    }

    private static Management parsed(String... arguments) {
        ManagementOptions options = new ManagementOptions();
        new CommandLine(options).parseArgs(arguments);
        return options.management();
    }
}
