package io.gatefleet.runtime.access;

import io.gatefleet.contract.BadInput;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A key that seals node tokens: one line of the file {@code node-keys}, {@code ID SECRET}. */
public final class NodeKey {
    /** What {@link #id} may be. */
    static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

    private static final String ALGORITHM = "HmacSHA256";
    private static final int LEAST_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String id;

    /** Never used itself: to look an algorithm up takes longer than to seal. */
    private final Mac model;

    private NodeKey(String id, byte[] secret) {
        this.id = id;
        try {
            model = Mac.getInstance(ALGORITHM);
            model.init(new SecretKeySpec(secret, ALGORITHM));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, impossible);
        }
    }

    /**
     * A line of the file.
     *
     * @throws BadInput if it cannot be used; the secret is in no message
     */
    public static NodeKey parse(String line) {
        String[] words = line.split("\\s+", -1);
        if (words.length != 2) {
            throw new BadInput("line", "not shown", "ID SECRET");
        }
        return of(words[0], words[1]);
    }

    /** @param secret base64url, at least 32 bytes; its value is in no message */
    static NodeKey of(String id, String secret) {
        if (!ID.matcher(id).matches()) {
            throw new BadInput("key id", id, "1 to 32 of a-z, 0-9 and '-'");
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(secret);
        } catch (IllegalArgumentException notBase64) {
            bytes = new byte[0];
        }
        if (bytes.length < LEAST_BYTES) {
            throw new BadInput("secret of key " + id, "not shown", "base64url of at least 32 random bytes");
        }
        return new NodeKey(id, bytes);
    }

    /** A line for the file: a new secret under this name. */
    public static String line(String id) {
        byte[] secret = new byte[LEAST_BYTES];
        RANDOM.nextBytes(secret);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        return of(id, text).id + " " + text;
    }

    public String id() {
        return id;
    }

    /** In base64url. */
    String seal(String body) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(((Mac) model.clone()).doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException("the JDK's own " + ALGORITHM + " can be copied", impossible);
        }
    }

    /** Takes as long for a seal that is nearly right as for any other; knows one spelling of each. */
    boolean sealed(String body, String seal) {
        return MessageDigest.isEqual(
                seal(body).getBytes(StandardCharsets.UTF_8), seal.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "NodeKey[" + id + "]";
    }
}
