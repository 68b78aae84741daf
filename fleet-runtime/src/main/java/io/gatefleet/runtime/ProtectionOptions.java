package io.gatefleet.runtime;

import io.gatefleet.contract.BadInput;
import io.gatefleet.runtime.access.Access;
import io.gatefleet.runtime.access.Loopback;
import io.gatefleet.runtime.audit.AuditLog;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** The options that say how a service's listener is protected: a mixin of every service's main. */
public final class ProtectionOptions {
    private static final Logger log = LoggerFactory.getLogger(ProtectionOptions.class);

    @Option(
            names = "--access-dir",
            paramLabel = "DIR",
            defaultValue = "${GATEFLEET_ACCESS_DIR:-}",
            description = "who may do what: the files tokens, node-keys and revoked, made by gatefleet token and read"
                    + " again when they change; without it everybody may do everything, on loopback only")
    private String accessDir = "";

    @Option(
            names = "--open-metrics",
            defaultValue = "${GATEFLEET_OPEN_METRICS:-false}",
            description = "serve /metrics without a token, for a listener that only a private network reaches")
    private boolean openMetrics;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            defaultValue = "${GATEFLEET_TLS_CERT:-}",
            description = "certificate with its chain, PEM; read again when it changes; without it the listener speaks"
                    + " clear text")
    private String certificate = "";

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            defaultValue = "${GATEFLEET_TLS_KEY:-}",
            description = "the certificate's key, PKCS #8 in PEM without a passphrase")
    private String key = "";

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            defaultValue = "${GATEFLEET_MAX_CONNECTIONS:-24000}",
            description = "open at once; with access on at most 1024 of them without a token that counts")
    private int mostConnections;

    /**
     * What was asked for. Blocks.
     *
     * @param httpHost where the service will listen
     * @throws BadInput that says what to do
     */
    public Protection protection(String httpHost, AuditLog audit) {
        return protection("http-host", httpHost, audit);
    }

    /**
     * The same where the address to listen on is another option's.
     *
     * @throws BadInput that says what to do
     */
    public Protection protection(String option, String httpHost, AuditLog audit) {
        Access access = accessDir.isBlank() ? Access.off() : Access.by(Path.of(accessDir), openMetrics);
        Protection protection = new Protection(access, audit).withTls(tls()).withMostConnections(mostConnections);
        protection.insistOn(option, httpHost);
        if (protection.tls() == null && !Loopback.isAddress(httpHost)) {
            log.warn("tokens cross the network in clear text: give --tls-cert and --tls-key, or put a proxy that speaks"
                    + " TLS on this machine and listen on 127.0.0.1");
        }
        return protection;
    }

    private @Nullable TlsFiles tls() {
        if (certificate.isBlank() && key.isBlank()) {
            return null;
        }
        if (certificate.isBlank() || key.isBlank()) {
            throw new BadInput(
                    certificate.isBlank() ? "tls-cert" : "tls-key", "absent", "both --tls-cert and --tls-key, or none");
        }
        TlsFiles files = new TlsFiles(Path.of(certificate), Path.of(key));
        files.read();
        return files;
    }
}
