package io.gatefleet.runtime.access;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a node's token says: whose it is, when it was made, and by which key. It says it itself, so that no registry has to
 * remember it and a fleet that lost all of its state still knows its nodes.
 *
 * <p>Written {@code gfn1.BODY.SEAL}: body and seal in base64url, the seal an HMAC-SHA256 of all that stands before it.
 *
 * @param issuedAt epoch milliseconds
 * @param keyId of the key that sealed it
 */
public record NodeToken(InstanceKey instance, long issuedAt, String keyId) {
    /** So that a token that leaked is recognised by whoever searches for such. */
    static final String PREFIX = "gfn1.";

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    /** The token, sealed. */
    String sealed(NodeKey key) {
        if (!key.id().equals(keyId)) {
            throw new IllegalArgumentException("key: %s (expected: %s)".formatted(key.id(), keyId));
        }
        String body = PREFIX
                + ENCODER.encodeToString("%s %d %s %s"
                        .formatted(keyId, issuedAt, instance.host(), instance.instance())
                        .getBytes(StandardCharsets.UTF_8));
        return body + "." + key.seal(body);
    }

    /** A token as it came, not yet believed. */
    record Sealed(NodeToken claim, String body, String seal) {
        boolean isSealedBy(NodeKey key) {
            return key.sealed(body, seal);
        }
    }

    /** Reads what claims to be a node's token; empty where it is none. Says nothing about whether it is genuine. */
    static Optional<Sealed> read(String text) {
        int dot = text.lastIndexOf('.');
        if (!text.startsWith(PREFIX) || dot <= PREFIX.length()) {
            return Optional.empty();
        }
        try {
            String body = text.substring(0, dot);
            String[] parts =
                    new String(DECODER.decode(body.substring(PREFIX.length())), StandardCharsets.UTF_8).split(" ", -1);
            NodeToken claim = parts.length == 4 ? claim(parts) : null;
            return claim == null ? Optional.empty() : Optional.of(new Sealed(claim, body, text.substring(dot + 1)));
        } catch (IllegalArgumentException none) { // no base64, no number, no name: BadInput too
            return Optional.empty();
        }
    }

    private static @Nullable NodeToken claim(String[] parts) throws BadInput {
        return new NodeToken(
                new InstanceKey(new HostId(parts[2]), new InstanceId(parts[3])), Long.parseLong(parts[1]), parts[0]);
    }
}
