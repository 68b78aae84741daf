package io.gatefleet.node;

import io.gatefleet.node.gateway.InstanceHome;
import io.gatefleet.node.gateway.PrivateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a node shows who it is: the token that a registry gave it, kept in its instance's home, and until it has one the
 * fleet's join token. What touches the disk blocks; the token itself is read on the event loop. Text forms are no secret.
 */
final class NodeCredentials {
    private static final Logger log = LoggerFactory.getLogger(NodeCredentials.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int JOIN_KEY_BYTES = 24;

    private final @Nullable Path ownFile;
    private final @Nullable Path joinFile;
    private final String joinKey;
    private volatile @Nullable String own;

    private NodeCredentials(@Nullable Path ownFile, @Nullable Path joinFile, @Nullable String own) {
        this.ownFile = ownFile;
        this.joinFile = joinFile;
        this.own = own;
        byte[] random = new byte[JOIN_KEY_BYTES];
        RANDOM.nextBytes(random);
        this.joinKey = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** For a control plane that asks for none. */
    static NodeCredentials none() {
        return new NodeCredentials(null, null, null);
    }

    /**
     * What the instance's home and the join token's file say. Blocks.
     *
     * @param joinFile read each time it is needed, so that it can be replaced; null: there is none
     */
    static NodeCredentials of(InstanceHome home, @Nullable Path joinFile) throws IOException {
        Path file = home.nodeToken();
        return new NodeCredentials(file, joinFile, read(file).orElse(null));
    }

    /** The node's own token; null while it has none that counts. */
    @Nullable
    String own() {
        return own;
    }

    /** The fleet's join token; empty where there is none. Blocks. */
    Optional<String> join() {
        Path file = joinFile;
        if (file == null) {
            return Optional.empty();
        }
        try {
            Optional<String> token = read(file);
            if (token.isEmpty()) {
                log.warn("{} is absent or empty (expected: a join token)", file);
            }
            return token;
        } catch (IOException cause) {
            log.warn("the join token cannot be read: {}", cause.toString());
            return Optional.empty();
        }
    }

    /** The same for the whole life of the node: by it a registry knows who joins again because it heard no answer. */
    String joinKey() {
        return joinKey;
    }

    /** Keeps a token that a registry made. Blocks; where the disk does not take it, the node has it until it ends. */
    void keep(String token) {
        own = token;
        Path file = ownFile;
        if (file == null) {
            return;
        }
        try {
            PrivateFile.replace(file, token + "\n");
        } catch (IOException cause) {
            log.error("the node's token cannot be kept, so its next life has to join anew: {}", cause.toString());
        }
    }

    /**
     * A registry does not take this token any more, so the join token is next, where there is one. It stays on the disk:
     * another registry may know its key.
     */
    void refused(String token) {
        if (joinFile != null && token.equals(own)) {
            own = null;
        }
    }

    private static Optional<String> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String text = Files.readString(file, StandardCharsets.UTF_8).strip();
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    @Override
    public String toString() {
        return "NodeCredentials[%s, join by %s]".formatted(own == null ? "no token" : "a token", joinFile);
    }
}
