package io.gatefleet.runtime.access;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.host.HostId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the file {@code tokens} keeps of a token: one line, {@code NAME ROLE SHA-256 [HOST]}. The token itself stands
 * nowhere but with its holder. One pass of SHA-256 is enough, where a password would need a slow hash: a token is 32
 * random bytes, and nobody finds those by trying.
 *
 * @param name for the audit log
 * @param host the only host that a join token is good for; null: any
 */
public record OperatorToken(
        String name, Role role, String sha256, @Nullable HostId host) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final int RANDOM_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    public OperatorToken {
        if (!NAME.matcher(name).matches()) {
            throw new BadInput("name", name, "1 to 64 letters, digits, '.', '_' and '-'");
        }
        if (!HASH.matcher(sha256).matches()) {
            // Perhaps the token itself, put there by mistake.
            throw new BadInput("hash of token " + name, "not shown", "64 hexadecimal digits, the token's SHA-256");
        }
        if (host != null && role != Role.JOIN) {
            throw new BadInput("host of token " + name, host, "none: only a join token can be for one host");
        }
    }

    /** A new token of that role, for its holder only. */
    public static String random(Role role) {
        byte[] bytes = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        return "gf" + role.toString().charAt(0) + "1."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** What is kept of a token. */
    public static OperatorToken of(String name, Role role, String token, @Nullable HostId host) {
        return new OperatorToken(name, role, hash(token), host);
    }

    static OperatorToken parse(String line) {
        String[] words = line.split("\\s+", -1);
        if (words.length < 3 || words.length > 4) {
            throw new BadInput("line", words[0] + " and " + (words.length - 1) + " more", "NAME ROLE SHA-256 [HOST]");
        }
        return new OperatorToken(
                words[0], Role.parse(words[1]), words[2], words.length == 4 ? new HostId(words[3]) : null);
    }

    /** As it stands in the file. */
    public String line() {
        return name + " " + role + " " + sha256 + (host == null ? "" : " " + host);
    }

    Caller caller() {
        return role == Role.JOIN ? new Caller.Joiner(name, host) : new Caller.Operator(name, role);
    }

    /** Takes as long for one that is nearly right as for any other. */
    boolean isHashOf(String hash) {
        return MessageDigest.isEqual(
                sha256.getBytes(StandardCharsets.US_ASCII), hash.getBytes(StandardCharsets.US_ASCII));
    }

    static String hash(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
