package io.gatefleet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.health.HealthConfig;
import io.gatefleet.health.HealthVerticle;
import io.gatefleet.runtime.LocalBus;
import io.gatefleet.runtime.Meters;
import io.gatefleet.runtime.Protection;
import io.gatefleet.runtime.TlsFiles;
import io.gatefleet.runtime.access.Access;
import io.gatefleet.runtime.access.OperatorToken;
import io.gatefleet.runtime.access.Role;
import io.gatefleet.runtime.audit.AuditLog;
import io.gatefleet.testing.SelfSigned;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** An aggregator that asks for tokens and speaks TLS, and somebody on the command line. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class ProtectedFleetTest {
    private final Vertx vertx = LocalBus.vertx(new VertxOptions().setEventLoopPoolSize(1), null);
    private final String reader = OperatorToken.random(Role.READ);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private static Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private HealthVerticle health;

    @BeforeAll
    void start() throws Exception {
        String join = OperatorToken.random(Role.JOIN);
        Files.write(
                directory.resolve("tokens"),
                List.of(
                        OperatorToken.of("reader", Role.READ, reader, null).line(),
                        OperatorToken.of("nodes", Role.JOIN, join, null).line()));
        SelfSigned own = SelfSigned.make(directory, "own", "127.0.0.1");
        SelfSigned.make(directory, "other", "127.0.0.1");
        Files.writeString(directory.resolve("reader"), reader + "\n");
        Files.writeString(directory.resolve("nodes"), join + "\n");
        Files.writeString(directory.resolve("wrong"), OperatorToken.random(Role.READ) + "\n");
        Files.writeString(directory.resolve("empty"), " \n");
        Protection protection = new Protection(Access.by(directory, false), AuditLog.NONE)
                .withTls(new TlsFiles(own.certificate(), own.key()));
        health = new HealthVerticle(
                HealthConfig.defaults().listeningOn("127.0.0.1", 0).withProtection(protection), Meters.of("health"));
        vertx.deployVerticle(health).await(20, TimeUnit.SECONDS);
    }

    @AfterAll
    void close() throws TimeoutException {
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    private int gatefleet(String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine line = Gatefleet.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(words);
    }

    private String url() {
        return "https://127.0.0.1:" + health.port();
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    @ParameterizedTest(name = "token file {0}, trusts {1}: ends with {2}")
    @CsvSource(delimiter = '|', textBlock = """
            reader  | own   | 0 | No gateway is known
            -       | own   | 2 | (token-missing)
            wrong   | own   | 2 | (token-unknown)
            nodes   | own   | 1 | (forbidden)
            empty   | own   | 2 | empty (expected: a file that holds a token)
            nowhere | own   | 2 | nowhere (expected: a file that holds a token)
            reader  | other | 2 | no answer from the health-aggregator
            reader  | -     | 2 | no answer from the health-aggregator
            reader  | reader | 2 | reader (expected: certificates in PEM
            """)
    void aTokenAndAnAuthorityAreBothNeeded(String token, String authority, int exitCode, String said) {
        String[] words = Stream.of(
                        Stream.of("status", "--health", url()),
                        token.equals("-") ? Stream.<String>empty() : Stream.of("--token-file", file(token)),
                        authority.equals("-")
                                ? Stream.<String>empty()
                                : Stream.of(
                                        "--tls-ca", file(authority.equals("reader") ? "reader" : authority + ".pem")))
                .flatMap(part -> part)
                .toArray(String[]::new);

        assertThat(gatefleet(words)).as("%s%s", out, err).isEqualTo(exitCode);
        assertThat(out.toString() + err).contains(said).doesNotContain(reader);
    }

    @Test
    void clearTextIsNoAnswer() {
        assertThat(gatefleet("status", "--health", url().replace("https", "http"), "--token-file", file("reader")))
                .isEqualTo(Exit.CANNOT_ASK);
        assertThat(err.toString())
                .contains("no answer from the health-aggregator")
                .doesNotContain(reader);
    }

    @Test
    void whatIsWatchedIsWatchedWithTheTokenToo() throws IOException, InterruptedException {
        Thread watching = new Thread(() -> gatefleet(
                "status", "--watch", "--health", url(), "--tls-ca", file("own.pem"), "--token-file", file("reader")));
        watching.setDaemon(true);
        watching.start();
        try {
            await().until(() -> out.toString().contains("No gateway is known"));
            assertThat(err.toString()).isEmpty();
        } finally {
            watching.interrupt();
            watching.join(10_000);
        }
    }
}
