package io.gatefleet.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.allocator.AllocatorConfig;
import io.gatefleet.allocator.AllocatorVerticle;
import io.gatefleet.allocator.store.DecisionLog;
import io.gatefleet.allocator.store.InMemoryLedgerStore;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.registry.RegistryConfig;
import io.gatefleet.registry.RegistryVerticle;
import io.gatefleet.runtime.Meters;
import io.gatefleet.runtime.Protection;
import io.gatefleet.runtime.ServiceProcess;
import io.gatefleet.runtime.access.Access;
import io.gatefleet.runtime.access.AccessBook;
import io.gatefleet.runtime.access.Caller;
import io.gatefleet.runtime.access.NodeKey;
import io.gatefleet.runtime.access.OperatorToken;
import io.gatefleet.runtime.access.Revocation;
import io.gatefleet.runtime.access.Role;
import io.gatefleet.runtime.audit.AuditLog;
import io.gatefleet.testing.OpenApiDocument;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who may do what, in {@code access-table.txt}. A dot is: admitted. The nodes are that of the instance that is asked for,
 * that of another one, one whose token is revoked, and one whose token's key is gone. Every documented route of every service with every kind of caller, over real sockets. (That every route
 * is documented, and the other way round, each service's own test of its document shows.)
 */
class AccessTableTest {
    private static final InstanceKey MAIN = new InstanceKey(new HostId("mill"), new InstanceId("main"));
    private static final InstanceKey RESCUE = new InstanceKey(new HostId("mill"), new InstanceId("rescue"));
    private static final InstanceKey LOST = new InstanceKey(new HostId("mill"), new InstanceId("lost"));

    @TempDir
    private Path directory = Path.of("");

    private final Vertx vertx = ServiceProcess.vertx(Meters.of("test"));
    private final Map<String, Optional<String>> callers = new LinkedHashMap<>();
    private final Map<String, Integer> services = new LinkedHashMap<>();
    private int row;

    @BeforeEach
    void start() throws IOException, TimeoutException {
        String read = OperatorToken.random(Role.READ);
        String admin = OperatorToken.random(Role.ADMIN);
        String join = OperatorToken.random(Role.JOIN);
        String key = NodeKey.line("k2");
        Files.write(
                directory.resolve("tokens"),
                List.of(
                        OperatorToken.of("reader", Role.READ, read, null).line(),
                        OperatorToken.of("alice", Role.ADMIN, admin, null).line(),
                        OperatorToken.of("nodes", Role.JOIN, join, null).line()));
        Files.writeString(directory.resolve("node-keys"), key + "\n");
        Files.writeString(
                directory.resolve("revoked"),
                Revocation.of("mill/lost", Instant.now().plusSeconds(60)).line() + "\n");
        callers.put("none", Optional.empty());
        callers.put("wrong", Optional.of("gfa1.guessed"));
        callers.put("read", Optional.of(read));
        callers.put("admin", Optional.of(admin));
        callers.put("join", Optional.of(join));
        callers.put("own", Optional.of(nodeToken(key, MAIN)));
        callers.put("other", Optional.of(nodeToken(key, RESCUE)));
        callers.put("revoked", Optional.of(nodeToken(key, LOST)));
        callers.put("oldkey", Optional.of(nodeToken(NodeKey.line("k1"), MAIN)));

        Protection protection = new Protection(Access.by(directory, false), AuditLog.NONE);
        RegistryVerticle registry = new RegistryVerticle(
                RegistryConfig.defaults().listeningOn("127.0.0.1", 0).withProtection(protection), Meters.of("r"));
        AllocatorVerticle allocator = new AllocatorVerticle(
                AllocatorConfig.defaults().withHttp("127.0.0.1", 0).withProtection(protection),
                new InMemoryLedgerStore(DecisionLog.NONE),
                Meters.of("a"));
        HealthVerticle health = new HealthVerticle(
                HealthConfig.defaults().listeningOn("127.0.0.1", 0).withProtection(protection), Meters.of("h"));
        Future.all(vertx.deployVerticle(registry), vertx.deployVerticle(allocator), vertx.deployVerticle(health))
                .await(30, TimeUnit.SECONDS);
        services.put(RegistryVerticle.SERVICE, registry.port());
        services.put(AllocatorVerticle.SERVICE, allocator.port());
        services.put(HealthVerticle.SERVICE, health.port());
    }

    @AfterEach
    void close() throws TimeoutException {
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    private static String nodeToken(String keyLine, InstanceKey instance) {
        return new AccessBook(List.of(), List.of(NodeKey.parse(keyLine)), List.of())
                .tokenFor(new Caller.Joiner("nodes", null), instance, System.currentTimeMillis())
                .orElseThrow();
    }

    @Test
    void everyRouteAnswersEveryCallerAsTheTableSays() throws IOException, TimeoutException {
        StringBuilder table = new StringBuilder("%-60s".formatted("")).append(line(List.copyOf(callers.keySet())));
        for (Map.Entry<String, Integer> service : services.entrySet()) {
            table.append(service.getKey()).append('\n');
            for (String operation : OpenApiDocument.of(vertx, service.getKey()).operations()) {
                table.append("  %-58s".formatted(operation)).append(line(answers(service.getValue(), operation)));
            }
        }

        Path written = Path.of("src/test/resources/access-table.txt");
        assertThat(table.toString())
                .as("a route is new, or is not what it was: if that is meant, change %s", written)
                .isEqualTo(Files.readString(written));
    }

    private static String line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        cells.forEach(cell -> line.append(" %-7s".formatted(cell)));
        return line.toString().stripTrailing() + "\n";
    }

    private List<String> answers(int port, String operation) throws TimeoutException {
        String[] words = operation.split(" ", 2);
        String path = words[1].replace("{host}", "mill")
                .replace("{instance}", "main")
                .replace("{port}", "18789")
                .replace("{fence}", "1")
                .replaceAll("\\{\\w+}", "something");
        // An address of its own: who is refused often is answered otherwise.
        row++;
        HttpClient client = vertx.createHttpClient(new HttpClientOptions().setLocalAddress("127.0.1." + row));
        List<String> answers = new ArrayList<>();
        for (Optional<String> token : callers.values()) {
            answers.add(status(client, port, HttpMethod.valueOf(words[0]), path, token));
        }
        client.close().await(10, TimeUnit.SECONDS);
        return answers;
    }

    private static String status(HttpClient client, int port, HttpMethod method, String path, Optional<String> token)
            throws TimeoutException {
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI(path)
                .putHeader("content-type", "application/json");
        token.ifPresent(shown -> options.putHeader("authorization", "Bearer " + shown));
        boolean body = method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT);
        int status = client.request(options)
                .compose(request -> (body ? request.send(Buffer.buffer("{}")) : request.send()).map(response -> {
                    int said = response.statusCode();
                    // Some answers never end.
                    request.reset();
                    return said;
                }))
                .await(20, TimeUnit.SECONDS);
        return status == 401 || status == 403 || status == 421 || status == 429 ? Integer.toString(status) : "·";
    }
}
