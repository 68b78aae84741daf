package io.gatefleet.node.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The secret that opens one gateway: 32 random bytes in hexadecimal, made once, kept in a file of mode 0600. Its text form
 * is no secret.
 */
final class Token {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 32;

    private final String value;

    private Token(String value) {
        this.value = value;
    }

    /** The instance's token; made now if there is none. */
    static Token keep(Path file) throws IOException {
        Optional<Token> kept = find(file);
        if (kept.isPresent()) {
            return kept.get();
        }
        byte[] random = new byte[BYTES];
        RANDOM.nextBytes(random);
        Token made = new Token(HexFormat.of().formatHex(random));
        try {
            PrivateFile.create(file, made.value + "\n");
        } catch (FileAlreadyExistsException madeMeanwhile) {
            return find(file).orElseThrow(() -> new IOException(file + " is empty (expected: a token)"));
        }
        return made;
    }

    /** The instance's token, if it has one. */
    static Optional<Token> find(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String value = Files.readString(file, StandardCharsets.US_ASCII).strip();
        return value.isEmpty() ? Optional.empty() : Optional.of(new Token(value));
    }

    /** The secret itself: for the gateway's configuration and environment, and nowhere else. */
    String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "Token[…]";
    }
}
