package io.gatefleet.faults.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.allocator.AllocatorMain;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.faults.ClusterSeats;
import io.gatefleet.faults.NodeProcess;
import io.gatefleet.health.HealthMain;
import io.gatefleet.node.NodeConfig;
import io.gatefleet.registry.RegistryMain;
import io.gatefleet.runtime.access.NodeKey;
import io.gatefleet.runtime.access.OperatorToken;
import io.gatefleet.runtime.access.Revocation;
import io.gatefleet.runtime.access.Role;
import io.gatefleet.testing.JavaProcess;
import io.gatefleet.testing.SelfSigned;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An allocator, a registry and an aggregator behind TLS that ask for tokens, and a node: each a process. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
// One fleet for all of it. The first test is refused a few times itself, and who was refused often is answered 429.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ProtectedFleetIT {
    private static final InstanceKey MAIN = new InstanceKey(new HostId("mill"), new InstanceId("main"));
    private static final Duration STARTS = Duration.ofMinutes(2);
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int REGISTRY = 1;
    private static final int HEALTH = 2;
    private static final List<Class<?>> MAINS = List.of(AllocatorMain.class, RegistryMain.class, HealthMain.class);

    /** Of the allocator, the registry and the aggregator: a silent name is free, lists are shown and silence is believed soon. */
    private static final List<List<String>> HASTE = List.of(
            List.of("--term", "PT10S"), List.of("--learn", "PT1S"), List.of("--suspect", "PT3S", "--silent", "PT6S"));

    private static final String JOIN = OperatorToken.random(Role.JOIN);
    private static final String READ = OperatorToken.random(Role.READ);
    private static final OperatorToken JOINER = OperatorToken.of("nodes", Role.JOIN, JOIN, null);
    private static final OperatorToken READER = OperatorToken.of("reader", Role.READ, READ, null);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path directory;

    private static final ClusterSeats SEATS = new ClusterSeats(MAINS.size());
    private static final List<JavaProcess> MEMBERS = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private static HttpClient client;

    @SuppressWarnings("NullAway.Init")
    private static NodeProcess node;

    @BeforeAll
    static void start() throws Exception {
        Files.createDirectory(access());
        knows(JOINER, READER);
        Files.writeString(access().resolve("node-keys"), NodeKey.line("k1") + "\n");
        Path joinFile = Files.writeString(directory.resolve("join-token"), JOIN + "\n");
        SelfSigned own = SelfSigned.make(directory, "own", "127.0.0.1");
        client = HttpClient.newBuilder().sslContext(own.trust()).build();
        for (int member = 0; member < MAINS.size(); member++) {
            List<String> options = SEATS.options(member);
            options.addAll(HASTE.get(member));
            options.addAll(List.of(
                    "--access-dir",
                    access().toString(),
                    "--tls-cert",
                    own.certificate().toString(),
                    "--tls-key",
                    own.key().toString(),
                    "--audit",
                    audit(member).toString()));
            if (member == 0) {
                options.addAll(List.of(
                        "--reservations", directory.resolve("reservations").toString()));
            }
            MEMBERS.add(JavaProcess.Call.of(MAINS.get(member)).start(options));
        }
        node = new NodeProcess(
                Files.createDirectory(directory.resolve("home")),
                MAIN,
                List.of(at(REGISTRY)),
                new NodeConfig.Proof(joinFile, own.certificate()));
        node.start();
        await().atMost(STARTS).until(() -> verdict().equals("ready"));
        await().atMost(SOON).until(() -> status(REGISTRY, "/v1/instances", READ) == 200);
    }

    @AfterAll
    static void close() throws Exception {
        try {
            if (node != null) {
                node.close();
            }
        } finally {
            MEMBERS.forEach(JavaProcess::close);
            MEMBERS.forEach(member ->
                    member.process().onExit().orTimeout(10, TimeUnit.SECONDS).join());
        }
    }

    private static Path access() {
        return directory.resolve("access");
    }

    /** From now on, and nobody else. */
    private static void knows(OperatorToken... tokens) throws IOException {
        Files.write(
                access().resolve("tokens"),
                Arrays.stream(tokens).map(OperatorToken::line).toList());
    }

    private static Path audit(int member) {
        return directory.resolve("audit-" + member + ".jsonl");
    }

    private static Path ownFile() {
        return directory.resolve("home/instances/main/secrets/node-token");
    }

    private static URI at(int member) {
        return URI.create("https://127.0.0.1:" + SEATS.http(member));
    }

    /** Null where nobody answers yet. */
    private static @Nullable HttpResponse<String> ask(int member, String path, @Nullable String token)
            throws InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(at(member).resolve(path)).timeout(Duration.ofSeconds(5));
        if (token != null) {
            request.header("authorization", "Bearer " + token);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException notYet) {
            return null;
        }
    }

    private static String verdict() throws InterruptedException {
        HttpResponse<String> answer = ask(HEALTH, "/v1/fleet/instances/mill/main", READ);
        return answer == null || answer.statusCode() != 200
                ? ""
                : new JsonObject(answer.body()).getJsonObject("verdict").getString("state");
    }

    private static int status(int member, String path, @Nullable String token) throws InterruptedException {
        HttpResponse<String> answer = ask(member, path, token);
        return answer == null ? 0 : answer.statusCode();
    }

    @Test
    @Order(1)
    void aNodeJoinsByTheFleetsTokenAndLivesOnByItsOwn() throws Exception {
        String own = Files.readString(ownFile()).strip();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ownFile())))
                .isEqualTo("rw-------");
        assertThat(own).isNotEqualTo(JOIN);
        for (Map.Entry<String, Integer> who :
                Map.of("", 401, JOIN, 403, own, 403, READ, 200).entrySet()) {
            String token = who.getKey().isEmpty() ? null : who.getKey();
            assertThat(status(HEALTH, "/v1/fleet/health", token)).isEqualTo(who.getValue());
            assertThat(status(REGISTRY, "/v1/instances", token)).isEqualTo(who.getValue());
        }
        noSecretShows(JOIN, own, READ);

        // The join token is taken away, and the node dies: its next life needs none.
        knows(READER);
        node.kill();
        node.start();
        await().atMost(STARTS).until(() -> node.log().contains("adopts its gateway"));
        await().atMost(SOON).until(() -> verdict().equals("ready"));
        assertThat(node.starts()).as("its gateway lived on").isEqualTo(1);
        assertThat(Files.readString(audit(REGISTRY)))
                .contains("\"action\":\"join\"", "\"outcome\":\"joined\"")
                .doesNotContain(JOIN, own);
    }

    @Test
    @Order(2)
    void aRevokedNodeIsOutUntilItMayJoinAgainAndItsGatewayLivesOn() throws Exception {
        int gateway = node.gatewayPid();
        String revoked = Files.readString(ownFile()).strip();

        // Not the join token either: with it a revoked node is back as soon as its name was silent for a term.
        knows(READER);
        Files.writeString(
                access().resolve("revoked"),
                Revocation.of("mill/main", Instant.now().plusMillis(1)).line() + "\n");
        await().atMost(SOON).until(() -> Files.readString(audit(REGISTRY)).contains("token-revoked"));
        await().atMost(SOON).until(() -> verdict().equals("unreachable"));
        assertThat(NodeProcess.lives(gateway)).isTrue();

        knows(JOINER, READER);
        await().atMost(SOON).until(() -> !Files.readString(ownFile()).strip().equals(revoked));
        await().atMost(SOON).until(() -> verdict().equals("ready"));
        assertThat(node.gatewayPid()).isEqualTo(gateway);
        assertThat(NodeProcess.lives(gateway)).isTrue();
    }

    /** Nowhere where others on the machine could read it, nor in what the processes say. */
    private static void noSecretShows(String... secrets) throws IOException {
        try (var all = ProcessHandle.allProcesses()) {
            List<String> commands = all.map(process -> words(process.pid())).toList();
            assertThat(commands).anyMatch(command -> command.contains("--join-token-file"));
            for (String secret : secrets) {
                assertThat(commands).noneMatch(command -> command.contains(secret));
                assertThat(node.log()).doesNotContain(secret);
                assertThat(MEMBERS)
                        .noneMatch(member -> String.join("\n", member.log()).contains(secret));
            }
        }
    }

    private static String words(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException | UncheckedIOException gone) {
            return "";
        }
    }
}
