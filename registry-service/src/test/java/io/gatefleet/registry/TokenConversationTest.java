package io.gatefleet.registry;

import static io.gatefleet.registry.RegistryUnderTest.await;
import static io.gatefleet.registry.RegistryUnderTest.path;
import static io.gatefleet.registry.RegistryUnderTest.read;
import static io.gatefleet.registry.Words.MAIN;
import static io.gatefleet.registry.Words.RESCUE;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.command.Commands;
import io.gatefleet.contract.command.OpenRequest;
import io.gatefleet.contract.instance.HeartbeatReply;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.RegisterInstance;
import io.gatefleet.contract.instance.Registration;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.runtime.Protection;
import io.gatefleet.runtime.access.Access;
import io.gatefleet.runtime.access.NodeKey;
import io.gatefleet.runtime.access.OperatorToken;
import io.gatefleet.runtime.access.Revocation;
import io.gatefleet.runtime.access.Role;
import io.gatefleet.runtime.audit.AuditLog;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes and a registry that knows them by their tokens. */
class TokenConversationTest {
    private static final String KEY = "a-random-word-of-this-life";
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String OTHER_KEY = "another-life-or-a-thief-00";

    @TempDir
    private Path directory = Path.of("");

    private final String join = OperatorToken.random(Role.JOIN);
    private final String reader = OperatorToken.random(Role.READ);

    @SuppressWarnings("NullAway.Init")
    private AuditLog audit;

    @SuppressWarnings("NullAway.Init")
    private RegistryUnderTest registry;

    @SuppressWarnings("NullAway.Init")
    private WebClient client;

    @BeforeEach
    void start() throws IOException, TimeoutException {
        Files.write(
                directory.resolve("tokens"),
                List.of(
                        OperatorToken.of("nodes", Role.JOIN, join, null).line(),
                        OperatorToken.of("reader", Role.READ, reader, null).line()));
        Files.writeString(directory.resolve("node-keys"), NodeKey.line("k1") + "\n");
        audit = AuditLog.open(directory.resolve("audit.jsonl"), "test");
        registry = another();
        client = WebClient.create(registry.vertx);
    }

    private RegistryUnderTest another() throws TimeoutException {
        RegistryUnderTest fresh = new RegistryUnderTest(
                RegistryConfig.defaults().withProtection(new Protection(Access.by(directory, false), audit)));
        fresh.start();
        return fresh;
    }

    @AfterEach
    void close() throws TimeoutException {
        registry.close();
        audit.close();
    }

    private HttpResponse<Buffer> ask(HttpMethod method, String path, @Nullable Buffer body, String token)
            throws TimeoutException {
        var request = client.request(method, registry.port(), "127.0.0.1", path).bearerTokenAuthentication(token);
        return await(
                body == null
                        ? request.send()
                        : request.putHeader("content-type", "application/json").sendBuffer(body));
    }

    private HttpResponse<Buffer> register(InstanceKey key, long incarnation, String joinKey, String token)
            throws TimeoutException {
        RegisterInstance word = Words.join(incarnation);
        RegisterInstance keyed = new RegisterInstance(
                word.incarnation(),
                word.flavor(),
                word.version(),
                word.layout(),
                word.footprint(),
                word.facts(),
                word.claim(),
                word.rejected(),
                word.address(),
                word.nodePid(),
                word.labels(),
                joinKey);
        return ask(HttpMethod.PUT, path(key), Wire.STRICT.write(keyed), token);
    }

    private HttpResponse<Buffer> beat(InstanceKey key, Lease lease, long sequence, String token)
            throws TimeoutException {
        return ask(HttpMethod.POST, path(key) + "/heartbeats", Wire.STRICT.write(Words.beat(lease, sequence)), token);
    }

    private Registration joined(InstanceKey key, long incarnation) throws TimeoutException {
        HttpResponse<Buffer> answer = register(key, incarnation, KEY, join);
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(201);
        return read(answer, Registration.class);
    }

    private static String token(Registration registration) {
        return Objects.requireNonNull(registration.token(), "a token");
    }

    private static String code(HttpResponse<Buffer> answer) {
        return answer.statusCode() + " " + answer.bodyAsJsonObject().getString("code");
    }

    @Test
    void whoJoinsGetsATokenThatOpensItsOwnInstanceAndNothingElse() throws TimeoutException {
        Registration main = joined(MAIN, 7);
        Registration rescue = joined(RESCUE, 7);

        assertThat(beat(MAIN, main.lease(), 1, token(main)).statusCode()).isEqualTo(200);
        assertThat(code(beat(RESCUE, rescue.lease(), 1, token(main)))).isEqualTo("403 other-instance");
        assertThat(code(beat(MAIN, main.lease(), 2, join))).isEqualTo("403 forbidden");
        assertThat(code(ask(HttpMethod.GET, path(MAIN), null, token(main)))).isEqualTo("403 forbidden");
        assertThat(code(ask(HttpMethod.DELETE, path(RESCUE) + "?incarnation=7", null, token(main))))
                .isEqualTo("403 other-instance");
        assertThat(ask(HttpMethod.GET, path(RESCUE), null, reader)
                        .bodyAsJsonObject()
                        .getBoolean("present"))
                .isTrue();
        assertThat(read(register(MAIN, 8, OTHER_KEY, token(main)), Registration.class)
                        .token())
                .as("it has one")
                .isNull();
    }

    @Test
    void aJoinTokenTakesNoNameThatIsAlive() throws TimeoutException, IOException {
        Registration main = joined(MAIN, 7);

        HttpResponse<Buffer> thief = register(MAIN, 8, OTHER_KEY, join);

        assertThat(code(thief)).isEqualTo("409 name-alive");
        assertThat(Integer.parseInt(thief.getHeader("Retry-After"))).isBetween(1, 31);
        assertThat(code(register(MAIN, 7, OTHER_KEY, join)))
                .as("the same life, as it says")
                .isEqualTo("409 name-alive");
        assertThat(beat(MAIN, main.lease(), 1, token(main)).statusCode()).isEqualTo(200);
        audit.close();
        assertThat(Files.readString(directory.resolve("audit.jsonl")))
                .contains("\"action\":\"join\"", "\"outcome\":\"joined\"", "\"outcome\":\"name-alive\"")
                .doesNotContain(token(main), join, KEY);
    }

    @Test
    void whoDidNotHearTheAnswerMayJoinAgain() throws TimeoutException {
        joined(MAIN, 7);

        HttpResponse<Buffer> again = register(MAIN, 7, KEY, join);

        assertThat(again.statusCode()).isEqualTo(200);
        Registration heard = read(again, Registration.class);
        assertThat(beat(MAIN, heard.lease(), 1, token(heard)).statusCode()).isEqualTo(200);
    }

    @Test
    void aNameIsFreeAfterATermOfSilence() throws TimeoutException {
        registry.allocator.term(Duration.ofMillis(200));
        Registration lost = joined(MAIN, 7);

        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> register(MAIN, 8, OTHER_KEY, join).statusCode() == 201);

        assertThat(code(beat(MAIN, lost.lease(), 1, token(lost))))
                .as("the older life")
                .isEqualTo("409 superseded");
    }

    @Test
    void aRestartedNodeIsKnownByItsTokenAtOnceAndAfterTotalLossToo() throws TimeoutException {
        String own = token(joined(MAIN, 7));
        assertThat(register(MAIN, 8, OTHER_KEY, own).statusCode()).isEqualTo(201);
        registry.close();

        registry = another();
        client = WebClient.create(registry.vertx);

        assertThat(register(MAIN, 9, KEY, own).statusCode()).isEqualTo(201);
    }

    @Test
    void aRevokedTokenIsRefusedWithoutARestart() throws TimeoutException, IOException {
        Registration main = joined(MAIN, 7);
        String revoked = Revocation.of("mill/main", Instant.now().plusMillis(1)).line();

        Files.writeString(directory.resolve("revoked"), revoked + "\n");

        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(
                        code(beat(MAIN, main.lease(), 1, token(main))))
                .isEqualTo("401 token-revoked"));
    }

    @Test
    void whoWatchesIsCutOffWhenHisTokenIsTakenAway() throws TimeoutException, IOException {
        joined(MAIN, 7);
        String revision = ask(HttpMethod.GET, "/v1/instances", null, reader)
                .bodyAsJsonObject()
                .getString("revision");
        Future<HttpResponse<Buffer>> stream = later("/v1/watch", reader);
        Future<HttpResponse<Buffer>> poll = later("/v1/watch?wait=PT50S&index=" + revision, reader);
        Awaitility.await().until(() -> watchers("stream") == 1 && watchers("poll") == 1);

        Files.write(
                directory.resolve("tokens"),
                List.of(OperatorToken.of("nodes", Role.JOIN, join, null).line()));

        Awaitility.await().atMost(SOON).until(() -> stream.isComplete() && poll.isComplete());
        assertThat(stream.failed()).as("the connection of the stream is reset").isTrue();
        assertThat(code(poll.result())).isEqualTo("401 token-unknown");
        assertThat(registry.meters
                        .get("gatefleet.watch.cut")
                        .tag("why", "not-admitted")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(watchers("stream") + watchers("poll")).isZero();
    }

    @Test
    void othersWatchOnWhenATokenIsTakenAway() throws TimeoutException, IOException {
        joined(MAIN, 7);
        Future<HttpResponse<Buffer>> stream = later("/v1/watch", reader);
        Awaitility.await().until(() -> watchers("stream") == 1);
        String line = OperatorToken.of("reader", Role.READ, reader, null).line();

        Files.writeString(directory.resolve("tokens"), line + "\n");

        Awaitility.await().atMost(SOON).until(() -> code(register(RESCUE, 7, KEY, join))
                .equals("401 token-unknown"));
        assertThat(stream.isComplete()).isFalse();
        assertThat(watchers("stream")).isEqualTo(1);
    }

    @Test
    void aNodeWhoseTokenIsRevokedHearsNoCommandOnTheRequestThatItHasOpen() throws TimeoutException, IOException {
        Registration main = joined(MAIN, 7);
        Queue<OpenRequest> requests = new ConcurrentLinkedQueue<>();
        await(Commands.OPEN_REQUEST.hear(registry.vertx.eventBus(), requests::add));
        Future<HttpResponse<Buffer>> open = later(path(MAIN) + "/commands/next?incarnation=7&wait=50", token(main));
        Awaitility.await().until(() -> requests.stream().anyMatch(OpenRequest::open));

        Files.writeString(
                directory.resolve("revoked"),
                Revocation.of("mill/main", Instant.now().plusMillis(1)).line() + "\n");

        Awaitility.await().atMost(SOON).until(open::isComplete);
        assertThat(code(open.result())).isEqualTo("401 token-revoked");
        Awaitility.await().until(() -> requests.stream().anyMatch(request -> !request.open()));
    }

    private Future<HttpResponse<Buffer>> later(String path, String token) {
        return client.get(registry.port(), "127.0.0.1", path)
                .bearerTokenAuthentication(token)
                .send();
    }

    private double watchers(String via) {
        return registry.meters
                .get("gatefleet.watch.watchers")
                .tag("via", via)
                .gauge()
                .value();
    }

    @Test
    void aKeyIsReplacedWhileNodesGoOn() throws TimeoutException, IOException {
        Registration main = joined(MAIN, 7);
        String first = Files.readString(directory.resolve("node-keys"));
        String second = NodeKey.line("k2") + "\n";
        Files.writeString(directory.resolve("node-keys"), second + first);

        String renewed = Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(
                        () -> read(beat(MAIN, main.lease(), 1, token(main)), HeartbeatReply.class)
                                .token(),
                        Objects::nonNull);
        Files.writeString(directory.resolve("node-keys"), second);

        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(
                        code(beat(MAIN, main.lease(), 1, token(main))))
                .isEqualTo("401 token-unknown"));
        assertThat(beat(MAIN, main.lease(), 2, renewed).statusCode()).isEqualTo(200);
    }
}
