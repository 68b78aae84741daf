package io.gatefleet.runtime.access;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.instance.InstanceKey;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the access files say, at one moment: recognises callers, and makes tokens for nodes. Never changes. */
public final class AccessBook {
    private static final int LONGEST_TOKEN = 512;

    private final List<OperatorToken> tokens;
    private final Map<String, NodeKey> keys = new LinkedHashMap<>();
    private final List<Revocation> revocations;

    /**
     * @param tokens of operators and for joining
     * @param keys the first makes tokens, all recognise them; none: nodes are not known here
     * @param revocations node tokens that no longer count
     */
    public AccessBook(List<OperatorToken> tokens, List<NodeKey> keys, List<Revocation> revocations) {
        Set<String> names = new HashSet<>();
        for (OperatorToken token : tokens) {
            if (!names.add(token.name())) {
                throw new BadInput("name", token.name(), "each name once: the audit log knows tokens by their names");
            }
        }
        this.tokens = List.copyOf(tokens);
        for (NodeKey key : keys) {
            if (this.keys.put(key.id(), key) != null) {
                throw new BadInput("key id", key.id(), "each id once");
            }
        }
        this.revocations = List.copyOf(revocations);
    }

    /** @param token as it was shown, or null */
    public Caller recognise(@Nullable String token) {
        if (token == null) {
            return Caller.Stranger.WITHOUT;
        }
        if (token.length() > LONGEST_TOKEN) {
            return Caller.Stranger.UNKNOWN;
        }
        return token.startsWith(NodeToken.PREFIX) ? node(token) : operator(token);
    }

    private Caller operator(String token) {
        String hash = OperatorToken.hash(token);
        Caller found = Caller.Stranger.UNKNOWN;
        // To the end, and each as long as any other: time tells nothing about which one was nearly right.
        for (OperatorToken known : tokens) {
            if (known.isHashOf(hash)) {
                found = known.caller();
            }
        }
        return found;
    }

    private Caller node(String token) {
        Optional<NodeToken.Sealed> read = NodeToken.read(token);
        if (read.isEmpty()) {
            return Caller.Stranger.UNKNOWN;
        }
        NodeToken.Sealed sealed = read.get();
        NodeKey key = keys.get(sealed.claim().keyId());
        if (key == null || !sealed.isSealedBy(key)) {
            return Caller.Stranger.UNKNOWN;
        }
        NodeToken genuine = sealed.claim();
        for (Revocation revocation : revocations) {
            if (revocation.covers(genuine)) {
                return new Caller.Stranger(
                        "token-revoked",
                        "The token of %s was revoked; with a join token its node can join again after a term of silence."
                                .formatted(genuine.instance()),
                        genuine.instance());
            }
        }
        return new Caller.Node(genuine);
    }

    /** Whether nodes can be given tokens here. */
    public boolean makesNodeTokens() {
        return !keys.isEmpty();
    }

    /**
     * A token for a node that has none, or has one of a key that no longer comes first; empty where it needs none.
     *
     * @param epochMillis now
     */
    public Optional<String> tokenFor(Caller caller, InstanceKey instance, long epochMillis) {
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        NodeKey first = keys.values().iterator().next();
        boolean wanted = caller instanceof Caller.Joiner
                || (caller instanceof Caller.Node node && !node.token().keyId().equals(first.id()));
        return wanted ? Optional.of(new NodeToken(instance, epochMillis, first.id()).sealed(first)) : Optional.empty();
    }

    /** For the log: how many of each, and nothing of them. */
    @Override
    public String toString() {
        return "%d tokens, node keys %s, %d revocations".formatted(tokens.size(), keys.keySet(), revocations.size());
    }
}
