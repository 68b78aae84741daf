package io.gatefleet.runtime;

import io.gatefleet.contract.BadInput;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A listener's certificate and key, in PEM, read again when they change.
 *
 * @param certificate with its chain, the listener's own first
 * @param key PKCS #8, without a passphrase
 */
public record TlsFiles(Path certificate, Path key) {
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA", "Ed25519", "Ed25519");

    /** Both files' bytes: changes when one of them does. Blocks. */
    record Pair(Buffer certificate, Buffer key) {
        PemKeyCertOptions options() {
            return new PemKeyCertOptions().setCertValue(certificate).setKeyValue(key);
        }
    }

    /**
     * What they hold now. Blocks.
     *
     * @throws BadInput if they cannot be used together: with one of a pair replaced and the other not yet, every
     *     handshake would fail
     */
    Pair read() {
        byte[] chain = bytes("tls-cert", certificate);
        byte[] secret = bytes("tls-key", key);
        try {
            PublicKey ours = CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(chain))
                    .getPublicKey();
            if (!belongsTo(ours, privateKey(ours, secret))) {
                throw new BadInput("tls-key", key, "the key of the certificate in " + certificate);
            }
        } catch (GeneralSecurityException | IllegalArgumentException cause) {
            if (cause instanceof BadInput bad) {
                throw bad;
            }
            throw new BadInput(
                    "tls-cert and tls-key",
                    certificate + " and " + key,
                    "a certificate in PEM and its key in PKCS #8 without a passphrase");
        }
        return new Pair(Buffer.buffer(chain), Buffer.buffer(secret));
    }

    private static byte[] bytes(String name, Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException cause) {
            throw new BadInput(name, file, "a file that can be read; " + cause);
        }
    }

    private static PrivateKey privateKey(PublicKey ours, byte[] pem) throws GeneralSecurityException {
        String text = new String(pem, StandardCharsets.US_ASCII);
        List<String> lines = text.lines()
                .dropWhile(line -> !line.equals("-----BEGIN PRIVATE KEY-----"))
                .skip(1)
                .takeWhile(line -> !line.startsWith("-----END"))
                .toList();
        byte[] encoded = Base64.getMimeDecoder().decode(String.join("", lines));
        return KeyFactory.getInstance(ours.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    private static boolean belongsTo(PublicKey ours, PrivateKey secret) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(SIGNATURES.getOrDefault(ours.getAlgorithm(), "none"));
        byte[] words = "gatefleet".getBytes(StandardCharsets.US_ASCII);
        signature.initSign(secret);
        signature.update(words);
        byte[] signed = signature.sign();
        signature.initVerify(ours);
        signature.update(words);
        return signature.verify(signed);
    }
}
