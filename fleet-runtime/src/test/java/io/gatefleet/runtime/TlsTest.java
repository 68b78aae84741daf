package io.gatefleet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.BadInput;
import io.gatefleet.testing.SelfSigned;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    @TempDir
    private Path directory = Path.of("");

    private final Vertx vertx = Vertx.vertx();
    private int port;

    @BeforeEach
    void listen() throws Exception {
        make("first", "127.0.0.1");
        use("first");
        HttpEdge edge =
                HttpEdge.create(vertx, "test", Meters.of("test"), Readiness.ALWAYS, Protection.NONE.withTls(inUse()));
        port = edge.listen("127.0.0.1", 0).await(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws TimeoutException {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    private TlsFiles inUse() {
        return new TlsFiles(directory.resolve("cert.pem"), directory.resolve("key.pem"));
    }

    private void use(String name) throws IOException {
        replace(directory.resolve(name + ".key"), directory.resolve("key.pem"));
        replace(directory.resolve(name + ".pem"), directory.resolve("cert.pem"));
    }

    private static void replace(Path from, Path to) throws IOException {
        Path beside = to.resolveSibling(to.getFileName() + ".new");
        Files.copy(from, beside);
        Files.move(
                beside,
                to,
                java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private void make(String name, String address) throws IOException, InterruptedException, GeneralSecurityException {
        SelfSigned.make(directory, name, address);
    }

    private int ask(String trusted) throws TimeoutException {
        WebClient client = WebClient.create(
                vertx,
                new WebClientOptions()
                        .setSsl(true)
                        .setKeepAlive(false)
                        .setTrustOptions(new PemTrustOptions()
                                .addCertPath(directory.resolve(trusted + ".pem").toString())));
        try {
            return client.get(port, "127.0.0.1", "/livez")
                    .send()
                    .await(20, TimeUnit.SECONDS)
                    .statusCode();
        } finally {
            client.close();
        }
    }

    @Test
    void whoTrustsTheCertificateIsAnsweredAndNobodyElseIs() throws Exception {
        make("other", "127.0.0.1");

        assertThat(ask("first")).isEqualTo(200);
        assertThatThrownBy(() -> ask("other")).isInstanceOf(SSLHandshakeException.class);
        assertThatThrownBy(() -> WebClient.create(vertx)
                        .get(port, "127.0.0.1", "/livez")
                        .send()
                        .await(10, TimeUnit.SECONDS))
                .as("clear text")
                .isInstanceOf(HttpClosedException.class);
    }

    @Test
    void aCertificateForAnotherNameIsNotBelieved() throws Exception {
        make("elsewhere", "192.0.2.1");
        use("elsewhere");

        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThatThrownBy(() -> ask("elsewhere"))
                .isInstanceOf(SSLHandshakeException.class)
                .hasStackTraceContaining("No subject alternative names matching IP address"));
    }

    @Test
    void aNewCertificateIsUsedWithoutARestart() throws Exception {
        make("second", "127.0.0.1");
        assertThat(ask("first")).isEqualTo(200);

        use("second");

        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .ignoreExceptionsInstanceOf(SSLHandshakeException.class)
                .until(() -> ask("second") == 200);
        assertThatThrownBy(() -> ask("first")).isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void aKeyThatDoesNotBelongToTheCertificateIsNotUsed() throws Exception {
        make("second", "127.0.0.1");
        replace(directory.resolve("second.key"), directory.resolve("key.pem"));

        assertThatThrownBy(() -> inUse().read())
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("tls-key")
                .hasMessageContaining("the key of the certificate");
        assertThat(ask("first")).isEqualTo(200);
    }
}
