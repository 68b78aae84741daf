package io.gatefleet.registry;

import static io.gatefleet.registry.Words.MAIN;
import static io.gatefleet.registry.Words.RESCUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.command.Command;
import io.gatefleet.contract.command.CommandResult;
import io.gatefleet.contract.command.CommandView;
import io.gatefleet.contract.command.CommandView.State;
import io.gatefleet.contract.command.Commands;
import io.gatefleet.contract.command.OpenRequest;
import io.gatefleet.contract.command.Order;
import io.gatefleet.contract.command.WantedCommand;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.runtime.audit.AuditLog;
import io.gatefleet.testing.OpenApiDocument;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands over real HTTP: an operator, a registry, and a node that is played by the test. */
class CommandHttpTest {
    private static final String COMMANDS = "/v1/instances/{host}/{instance}/commands";
    private static final String ID = "deadbeef-1";

    @TempDir
    private Path directory = Path.of("");

    private final Queue<OpenRequest> requests = new ConcurrentLinkedQueue<>();
    private final List<Node> nodes = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private RegistryUnderTest registry;

    @SuppressWarnings("NullAway.Init")
    private OpenApiDocument document;

    @BeforeEach
    void start() throws TimeoutException, IOException {
        registry = new RegistryUnderTest(
                RegistryConfig.defaults(), AuditLog.open(directory.resolve("audit.jsonl"), "registry-service"));
        registry.start();
        RegistryUnderTest.await(Commands.OPEN_REQUEST.hear(registry.vertx.eventBus(), requests::add));
        document = OpenApiDocument.of(registry.vertx, RegistryVerticle.SERVICE);
    }

    @AfterEach
    void close() throws TimeoutException {
        registry.close();
    }

    /** A node's open request on a connection of its own. */
    private final class Node {
        private final InstanceKey key;
        private final long incarnation;
        private final HttpClient http;

        Node(InstanceKey key, long incarnation) {
            this.key = key;
            this.incarnation = incarnation;
            this.http = registry.vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(1));
            nodes.add(this);
        }

        Future<HttpResponse<Buffer>> next(int wait) {
            return WebClient.wrap(http)
                    .get(registry.port(), "127.0.0.1", path())
                    .setQueryParam("incarnation", Long.toString(incarnation))
                    .setQueryParam("wait", Integer.toString(wait))
                    .send();
        }

        /** Sends the request, and forgets about it. */
        void hang() throws TimeoutException {
            int before = requests.size();
            RegistryUnderTest.await(http.request(
                            HttpMethod.GET,
                            registry.port(),
                            "127.0.0.1",
                            path() + "?wait=50&incarnation=" + incarnation)
                    .compose(HttpClientRequest::end));
            await().until(() -> requests.size() > before);
        }

        private String path() {
            return RegistryUnderTest.path(key) + "/commands/next";
        }

        HttpResponse<Buffer> say(String id, CommandResult result) throws TimeoutException {
            return registry.send(
                    HttpMethod.PUT,
                    RegistryUnderTest.path(key) + "/commands/" + id + "/result?incarnation=" + incarnation,
                    Wire.STRICT.write(result));
        }
    }

    private HttpResponse<Buffer> ask(InstanceKey key, Order order, @Nullable String id) throws TimeoutException {
        return ask(RegistryUnderTest.path(key) + "/commands", new WantedCommand(order, "maria", "slow", 2_000L), id);
    }

    private HttpResponse<Buffer> ask(String path, WantedCommand wanted, @Nullable String id) throws TimeoutException {
        var request = WebClient.create(registry.vertx)
                .post(registry.port(), "127.0.0.1", path)
                .putHeader("content-type", "application/json");
        if (id != null) {
            request.putHeader("Idempotency-Key", id);
        }
        return RegistryUnderTest.await(request.sendBuffer(Wire.STRICT.write(wanted)));
    }

    private CommandView find(InstanceKey key, String id, int wait) throws TimeoutException {
        HttpResponse<Buffer> found = registry.get(RegistryUnderTest.path(key) + "/commands/" + id + "?wait=" + wait);
        document.check("GET", COMMANDS + "/{id}", found);
        return RegistryUnderTest.read(found, CommandView.class);
    }

    @Test
    void aCommandGoesOutAtOnceOnTheRequestThatItsNodeKeepsOpen() throws TimeoutException {
        registry.join(MAIN, 7);
        Node node = new Node(MAIN, 7);
        Future<HttpResponse<Buffer>> open = node.next(20);
        await().until(() -> !requests.isEmpty());

        HttpResponse<Buffer> asked = ask(MAIN, new Order.Restart(), ID);

        assertThat(asked.statusCode()).isEqualTo(201);
        assertThat(asked.getHeader("Location")).isEqualTo("/v1/instances/mill/main/commands/" + ID);
        document.check("POST", COMMANDS, asked);
        HttpResponse<Buffer> given = RegistryUnderTest.await(open);
        document.check("GET", COMMANDS + "/next", given);
        Command command = RegistryUnderTest.read(given, Command.class);
        assertThat(command.order()).isEqualTo(new Order.Restart());
        assertThat(command.deadlineMillis()).isBetween(1L, 2_000L);
        assertThat(find(MAIN, ID, 0).state()).isEqualTo(State.DELIVERED);

        HttpResponse<Buffer> heard = node.say(ID, new CommandResult.Done("restarted", null));
        document.check("PUT", COMMANDS + "/{id}/result", heard);
        assertThat(find(MAIN, ID, 0).result()).isEqualTo(new CommandResult.Done("restarted", null));
    }

    @Test
    void whoWaitsForTheEndIsToldWhenItComes() throws TimeoutException {
        registry.join(MAIN, 7);
        Node node = new Node(MAIN, 7);
        ask(MAIN, new Order.LogTail(2), ID);
        Future<HttpResponse<Buffer>> end = WebClient.create(registry.vertx)
                .get(registry.port(), "127.0.0.1", RegistryUnderTest.path(MAIN) + "/commands/" + ID + "?wait=20")
                .send();
        assertThat(RegistryUnderTest.await(node.next(5)).statusCode()).isEqualTo(200);

        node.say(ID, new CommandResult.Done("2 lines", List.of("a", "b")));

        HttpResponse<Buffer> told = RegistryUnderTest.await(end);
        document.check("GET", COMMANDS + "/{id}", told);
        assertThat(told.getHeader("Cache-Control")).isEqualTo("no-store");
        assertThat(RegistryUnderTest.read(told, CommandView.class).result())
                .isEqualTo(new CommandResult.Done("2 lines", List.of("a", "b")));
        HttpResponse<Buffer> list = registry.get(RegistryUnderTest.path(MAIN) + "/commands");
        document.check("GET", COMMANDS, list);
        assertThat(list.bodyAsString()).doesNotContain("\"log\":[");
    }

    @Test
    void askedTwiceUnderOneIdItIsOneCommandAndOneAuditEntry() throws Exception {
        registry.join(MAIN, 7);
        Node node = new Node(MAIN, 7);

        assertThat(ask(MAIN, new Order.Restart(), ID).statusCode()).isEqualTo(201);
        HttpResponse<Buffer> again = ask(MAIN, new Order.Restart(), ID);
        assertThat(again.statusCode()).isEqualTo(200);
        document.check("POST", COMMANDS, again);
        HttpResponse<Buffer> other = ask(MAIN, new Order.Stop(), ID);
        assertThat(other.bodyAsJsonObject().getString("code")).isEqualTo("command-id-taken");
        document.check("POST", COMMANDS, other);

        assertThat(RegistryUnderTest.await(node.next(1)).statusCode()).isEqualTo(200);
        assertThat(RegistryUnderTest.await(node.next(0)).statusCode()).isEqualTo(204);
        node.say(ID, new CommandResult.Refused("cordoned"));
        node.say(ID, new CommandResult.Refused("cordoned"));
        registry.close();
        List<JsonObject> audit = Files.readAllLines(directory.resolve("audit.jsonl")).stream()
                .map(JsonObject::new)
                .toList();
        assertThat(audit).extracting(line -> line.getString("outcome")).containsExactly("asked", "refused");
        assertThat(audit).extracting(line -> line.getString("who")).containsOnly("maria");
        assertThat(audit).extracting(line -> line.getString("subject")).containsOnly("mill/main");
        assertThat(audit.get(0).getString("from")).isEqualTo("127.0.0.1");
        assertThat(audit.get(1).getJsonObject("facts").getMap())
                .containsEntry("id", ID)
                .containsEntry("reason", "slow")
                .containsEntry("said", "cordoned");
    }

    @Test
    void whatNoNodeFetchesIsNotDoneAndNoNodeGetsItLater() throws TimeoutException {
        registry.join(MAIN, 7);
        ask(MAIN, new Order.Stop(), ID);

        assertThat(find(MAIN, ID, 20).result()).isInstanceOf(CommandResult.NotDone.class);
        assertThat(RegistryUnderTest.await(new Node(MAIN, 7).next(0)).statusCode())
                .isEqualTo(204);
    }

    @Test
    void onANewConnectionANodeIsGivenAgainWhatHasNotEnded() throws TimeoutException {
        registry.join(MAIN, 7);
        ask(MAIN, new Order.Stop(), ID);
        Command first = RegistryUnderTest.read(RegistryUnderTest.await(new Node(MAIN, 7).next(2)), Command.class);
        await().until(() -> find(MAIN, ID, 0).command().deadlineMillis() == 0);

        Command again = RegistryUnderTest.read(RegistryUnderTest.await(new Node(MAIN, 7).next(2)), Command.class);

        assertThat(again.id()).isEqualTo(first.id());
        assertThat(again.deadlineMillis()).as("only to say whether it was done").isZero();
    }

    @Test
    void aConnectionThatBreaksIsToldAndAGoodbyeIsNot() throws TimeoutException {
        registry.join(MAIN, 7);
        registry.join(RESCUE, 3);
        Node broken = new Node(MAIN, 7);
        broken.hang();
        Node polite = new Node(RESCUE, 3);
        polite.hang();

        assertThat(registry.goodbye(RESCUE, 3).statusCode()).isEqualTo(204);
        RegistryUnderTest.await(polite.http.close());
        RegistryUnderTest.await(broken.http.close());

        await().atMost(Duration.ofSeconds(5)).until(() -> requests.stream().anyMatch(request -> !request.open()));
        assertThat(requests.stream().filter(request -> !request.open()))
                .extracting(OpenRequest::instance)
                .containsExactly(MAIN);
    }

    @Test
    void aNodeThatComesBackOnAnotherConnectionHasLostNothing() throws TimeoutException {
        registry.join(MAIN, 7);
        Node node = new Node(MAIN, 7);
        node.hang();
        Node again = new Node(MAIN, 7);
        again.hang();
        RegistryUnderTest.await(node.http.close());
        Node third = new Node(MAIN, 7);
        third.hang();

        assertThat(requests).allSatisfy(request -> assertThat(request.open()).isTrue());
    }

    @Test
    void aHostIsAskedByAskingItsInstances() throws TimeoutException {
        registry.join(MAIN, 7);
        registry.join(RESCUE, 3);
        registry.join(Words.key("other", "main"), 3);
        registry.goodbye(RESCUE, 3);

        HttpResponse<Buffer> asked = ask(
                "/v1/hosts/mill/commands", new WantedCommand(new Order.Maintenance(true), "maria", null, 1_000L), ID);
        assertThat(asked.statusCode()).isEqualTo(200);
        document.check("POST", "/v1/hosts/{host}/commands", asked);
        assertThat(asked.bodyAsJsonObject().getJsonArray("items")).hasSize(1);
        assertThat(find(MAIN, ID, 0).command().order()).isEqualTo(new Order.Maintenance(true));

        HttpResponse<Buffer> nobody =
                ask("/v1/hosts/elsewhere/commands", new WantedCommand(new Order.Stop(), "maria", null, null), null);
        assertThat(nobody.statusCode()).isEqualTo(404);
        document.check("POST", "/v1/hosts/{host}/commands", nobody);
    }

    @Test
    void whoseNodeSaidGoodbyeIsAnsweredAtOnce() throws TimeoutException {
        registry.join(MAIN, 7);
        registry.goodbye(MAIN, 7);

        HttpResponse<Buffer> asked = ask(MAIN, new Order.Start(), ID);

        CommandView view = RegistryUnderTest.read(asked, CommandView.class);
        assertThat(view.result()).isInstanceOfSatisfying(CommandResult.NotDone.class, not -> assertThat(not.said())
                .contains("goodbye"));
    }

    @Test
    void whatCannotBeAskedIsRefusedAsDocumented() throws TimeoutException {
        registry.join(MAIN, 7);
        document.check("POST", COMMANDS, ask(RESCUE, new Order.Stop(), ID));
        document.check("POST", COMMANDS, ask(MAIN, new Order.Stop(), "no id"));
        HttpResponse<Buffer> unknownField = registry.send(
                HttpMethod.POST,
                RegistryUnderTest.path(MAIN) + "/commands",
                Buffer.buffer("{\"order\":{\"kind\":\"stop\"},\"askedBy\":\"m\",\"when\":\"now\"}"));
        assertThat(unknownField.statusCode()).isEqualTo(400);
        document.check("POST", COMMANDS, unknownField);
        HttpResponse<Buffer> unknown = registry.get(RegistryUnderTest.path(MAIN) + "/commands/" + ID);
        assertThat(unknown.bodyAsJsonObject().getString("code")).isEqualTo("unknown-command");
        document.check("GET", COMMANDS + "/{id}", unknown);
        document.check("GET", COMMANDS, registry.get(RegistryUnderTest.path(RESCUE) + "/commands"));
        for (String query : List.of("", "?incarnation=7&wait=51", "?incarnation=x", "?incarnation=7&since=1")) {
            HttpResponse<Buffer> bad = registry.get(RegistryUnderTest.path(MAIN) + "/commands/next" + query);
            assertThat(bad.statusCode()).isEqualTo(400);
            document.check("GET", COMMANDS + "/next", bad);
        }
        HttpResponse<Buffer> old = registry.get(RegistryUnderTest.path(MAIN) + "/commands/next?incarnation=6");
        assertThat(old.bodyAsJsonObject().getString("code")).isEqualTo("superseded");
        document.check("GET", COMMANDS + "/next", old);
        HttpResponse<Buffer> young = registry.get(RegistryUnderTest.path(MAIN) + "/commands/next?incarnation=8");
        assertThat(young.bodyAsJsonObject().getString("code")).isEqualTo("unknown-instance");
        document.check("GET", COMMANDS + "/next", young);
        HttpResponse<Buffer> late = new Node(MAIN, 6).say(ID, new CommandResult.Failed("?"));
        assertThat(late.statusCode()).isEqualTo(409);
        document.check("PUT", COMMANDS + "/{id}/result", late);
    }

    @Test
    void seventeenCommandsForOneInstanceAreOneTooMany() throws TimeoutException {
        registry.join(MAIN, 7);
        for (int i = 0; i < 16; i++) {
            assertThat(ask(MAIN, new Order.Restart(), null).statusCode()).isEqualTo(201);
        }

        HttpResponse<Buffer> more = ask(MAIN, new Order.Restart(), null);

        assertThat(more.bodyAsJsonObject().getString("code")).isEqualTo("too-many-commands");
        document.check("POST", COMMANDS, more);
    }

    @Test
    void aRegistryThatStopsLetsItsNodesGoAtOnce() throws Exception {
        registry.join(MAIN, 7);
        Future<HttpResponse<Buffer>> open = new Node(MAIN, 7).next(50);
        await().until(() -> !requests.isEmpty());
        long began = System.nanoTime();

        registry.stop();

        assertThat(RegistryUnderTest.await(open).statusCode()).isEqualTo(204);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
        assertThat(requests).allSatisfy(request -> assertThat(request.open()).isTrue());
    }
}
