package io.gatefleet.registry;

import static io.gatefleet.registry.RegistryUnderTest.await;
import static io.gatefleet.registry.RegistryUnderTest.path;
import static io.gatefleet.registry.RegistryUnderTest.read;
import static io.gatefleet.registry.Words.MAIN;
import static io.gatefleet.registry.Words.RESCUE;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.InstanceView;
import io.gatefleet.contract.instance.Registration;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.runtime.Protection;
import io.gatefleet.runtime.access.Access;
import io.gatefleet.runtime.access.NodeKey;
import io.gatefleet.runtime.access.OperatorToken;
import io.gatefleet.runtime.access.Role;
import io.gatefleet.runtime.audit.AuditLog;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nodes that lie, and clients that flood, beside two nodes that go on as if nothing were. */
class HostileNodeTest {
    @TempDir
    private Path directory = Path.of("");

    private final String join = OperatorToken.random(Role.JOIN);
    private final String reader = OperatorToken.random(Role.READ);
    private final List<Socket> sockets = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private RegistryUnderTest registry;

    @SuppressWarnings("NullAway.Init")
    private WebClient client;

    @SuppressWarnings("NullAway.Init")
    private Registration main;

    @SuppressWarnings("NullAway.Init")
    private Registration rescue;

    @BeforeEach
    void start() throws IOException, TimeoutException {
        Files.write(
                directory.resolve("tokens"),
                List.of(
                        OperatorToken.of("nodes", Role.JOIN, join, null).line(),
                        OperatorToken.of("reader", Role.READ, reader, null).line()));
        Files.writeString(directory.resolve("node-keys"), NodeKey.line("k1") + "\n");
        registry = new RegistryUnderTest(
                RegistryConfig.defaults().withProtection(new Protection(Access.by(directory, false), AuditLog.NONE)));
        registry.start();
        client = WebClient.create(registry.vertx);
        main = joined(MAIN);
        rescue = joined(RESCUE);
        assertThat(beat(MAIN, Words.beat(main.lease(), 1), main).statusCode()).isEqualTo(200);
        assertThat(beat(RESCUE, Words.beat(rescue.lease(), 1), rescue).statusCode())
                .isEqualTo(200);
    }

    @AfterEach
    void theOtherNodeGoesOnAndNothingIsLost() throws IOException, TimeoutException {
        try {
            assertThat(beat(RESCUE, Words.beat(rescue.lease(), 2), rescue).statusCode())
                    .isEqualTo(200);
            InstanceView view = view(RESCUE);
            assertThat(view.present()).isTrue();
            assertThat(view.lease()).isEqualTo(rescue.lease().in(LeaseState.CONFIRMED));
            InstanceView other = view(MAIN);
            assertThat(other.incarnation()).isEqualTo(main.lease().incarnation());
            assertThat(other.labels()).isEmpty();
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
            registry.close();
        }
    }

    private HttpResponse<Buffer> ask(HttpMethod method, String path, Buffer body, String token)
            throws TimeoutException {
        return await(client.request(method, registry.port(), "127.0.0.1", path)
                .bearerTokenAuthentication(token)
                .putHeader("content-type", "application/json")
                .sendBuffer(body));
    }

    private Registration joined(InstanceKey key) throws TimeoutException {
        return read(ask(HttpMethod.PUT, path(key), Wire.STRICT.write(Words.join(7)), join), Registration.class);
    }

    private HttpResponse<Buffer> beat(InstanceKey key, Heartbeat heartbeat, Registration by) throws TimeoutException {
        return ask(
                HttpMethod.POST,
                path(key) + "/heartbeats",
                Wire.STRICT.write(heartbeat),
                Objects.requireNonNull(by.token()));
    }

    private InstanceView view(InstanceKey key) throws TimeoutException {
        return read(
                await(client.get(registry.port(), "127.0.0.1", path(key))
                        .bearerTokenAuthentication(reader)
                        .send()),
                InstanceView.class);
    }

    private static String code(HttpResponse<Buffer> answer) {
        return answer.statusCode() + " " + answer.bodyAsJsonObject().getString("code");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            10,000 keys       | 10000 | 1      | 400 bad-input
            33 keys           | 33    | 1      | 400 bad-input
            a long value      | 1     | 129    | 400 bad-input
            a value of 900 kB | 1     | 900000 | 400 bad-input
            a value of 2 MB   | 1     | 2000000 | 413 body-too-large
            """)
    void labelsThatAreTooManyOrTooLongChangeNothing(String why, int keys, int length, String expected)
            throws TimeoutException {
        JsonObject word = new JsonObject(Wire.STRICT.write(Words.join(7)));
        JsonObject labels = new JsonObject();
        for (int i = 0; i < keys; i++) {
            labels.put("key-" + i, "v".repeat(length));
        }
        word.put("labels", labels);

        HttpResponse<Buffer> answer =
                ask(HttpMethod.PUT, path(MAIN), word.toBuffer(), Objects.requireNonNull(main.token()));

        assertThat(code(answer)).isEqualTo(expected);
        assertThat(answer.body().length()).as("what was sent is not sent back").isLessThan(2_000);
    }

    @Test
    void aForgedHeartbeatIsRefusedAndTheOtherInstanceDoesNotChange() throws TimeoutException {
        Heartbeat forged = Words.beat(rescue.lease(), 99);

        assertThat(code(beat(RESCUE, forged, main))).as("another's path").isEqualTo("403 other-instance");
        assertThat(code(beat(MAIN, forged, main))).as("another's lease").isEqualTo("400 bad-input");
    }

    @Test
    void aHeartbeatWithAFenceThatWasNotLentRenewsNothing() throws TimeoutException {
        Lease lease = main.lease();
        for (long fence : new long[] {1, lease.fence() - 1, lease.fence() + 1, (1L << 53) - 1}) {
            Lease other = new Lease(
                    MAIN, lease.incarnation(), lease.base(), lease.footprint(), lease.layout(), fence, lease.state());

            assertThat(code(beat(MAIN, Words.beat(other, 2), main))).isEqualTo("409 lease-lost");
            assertThat(view(MAIN).lease()).as("the one that was lent stays").isEqualTo(lease.in(LeaseState.CONFIRMED));
        }
    }

    @Test
    void olderLivesThatAreReplayedAreSuperseded() throws TimeoutException {
        Lease old = new Lease(
                MAIN,
                new io.gatefleet.contract.instance.Incarnation(6),
                main.lease().base(),
                main.lease().footprint(),
                main.lease().layout(),
                main.lease().fence(),
                main.lease().state());

        assertThat(code(beat(MAIN, Words.beat(old, 500), main))).isEqualTo("409 superseded");
        assertThat(code(ask(
                        HttpMethod.PUT,
                        path(MAIN),
                        Wire.STRICT.write(Words.join(6)),
                        Objects.requireNonNull(main.token()))))
                .isEqualTo("409 superseded");
        assertThat(ask(
                                HttpMethod.POST,
                                path(MAIN) + "/heartbeats",
                                Wire.STRICT.write(Words.beat(main.lease(), 1)),
                                Objects.requireNonNull(main.token()))
                        .statusCode())
                .as("the same heartbeat again is late, and no news")
                .isEqualTo(200);
    }

    @Test
    void threeThousandHalfHeadsTakeLittleMemoryAndKeepNobodyOut() throws IOException, TimeoutException {
        long before = heapAfterCollection();
        String half = "PUT " + path(MAIN) + " HTTP/1.1\r\nHost: localhost\r\nx-filler: " + "x".repeat(7_000);
        for (int i = 0; i < 3_000; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), registry.port());
            sockets.add(socket);
            socket.getOutputStream().write(half.getBytes(StandardCharsets.ISO_8859_1));
            if (i % 500 == 0) {
                long began = System.nanoTime();
                assertThat(beat(RESCUE, Words.beat(rescue.lease(), 1), rescue).statusCode())
                        .isEqualTo(200);
                assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began))
                        .isLessThan(5);
            }
        }
        long grown = heapAfterCollection() - before;

        // 1024 strangers at most, each with a head of at most 8 KiB and what a connection needs itself.
        assertThat(grown).as("bytes of heap").isLessThan(64L << 20);
    }

    private static long heapAfterCollection() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
