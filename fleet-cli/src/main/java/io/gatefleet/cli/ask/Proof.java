package io.gatefleet.cli.ask;

import io.gatefleet.cli.CannotGoOn;
import io.gatefleet.cli.Exit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * How an operator shows who it is, and how it knows the fleet's services: by files, so that no secret is in an argument
 * or a variable.
 *
 * @param token holds the operator's token; null: none is needed
 * @param authorities PEM certificates of those who vouch for services; null: those that Java knows
 */
public record Proof(@Nullable Path token, @Nullable Path authorities) {
    public static final Proof NONE = new Proof(null, null);

    /** The token; empty where none is needed. Blocks. */
    Optional<String> bearer() {
        Path file = token;
        if (file == null) {
            return Optional.empty();
        }
        try {
            String text = Files.readString(file).strip();
            if (!text.isEmpty()) {
                return Optional.of(text);
            }
        } catch (IOException unreadable) {
            // Complained about below, as an empty one is.
        }
        throw new CannotGoOn(
                Exit.CANNOT_ASK, "--token-file: %s (expected: a file that holds a token)".formatted(file), "");
    }

    /** Whom to trust; empty: whom Java trusts. Blocks. */
    Optional<SSLContext> trust() {
        Path file = authorities;
        if (file == null) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore known = KeyStore.getInstance(KeyStore.getDefaultType());
            known.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                known.setCertificateEntry("authority-" + number++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(known);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return Optional.of(context);
        } catch (IOException | GeneralSecurityException cause) {
            throw new CannotGoOn(
                    Exit.CANNOT_ASK, "--tls-ca: %s (expected: certificates in PEM; %s)".formatted(file, cause), "");
        }
    }
}
