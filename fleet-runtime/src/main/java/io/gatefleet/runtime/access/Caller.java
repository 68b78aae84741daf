package io.gatefleet.runtime.access;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceKey;
import org.jspecify.annotations.Nullable;

/** Who asks, as far as its token says. */
public sealed interface Caller {
    /** Where nobody looked. */
    Caller NOBODY = new Anybody();

    /** For the audit log: a name or a kind, never a part of a token. */
    String name();

    /** Where access is off, everybody is this. */
    record Anybody() implements Caller {
        @Override
        public String name() {
            return "anybody";
        }
    }

    /** A person, or a program of one. */
    record Operator(String tokenName, Role role) implements Caller {
        @Override
        public String name() {
            return tokenName;
        }
    }

    /**
     * Whoever holds a join token.
     *
     * @param host the only host under which it may join; null: any
     */
    record Joiner(String tokenName, @Nullable HostId host) implements Caller {
        @Override
        public String name() {
            return tokenName;
        }
    }

    /** A node, known by its own token. */
    record Node(NodeToken token) implements Caller {
        public InstanceKey instance() {
            return token.instance();
        }

        @Override
        public String name() {
            return "node " + token.instance();
        }
    }

    /**
     * Whoever shows no token that counts.
     *
     * @param code {@code token-missing}, {@code token-unknown} or {@code token-revoked}
     * @param why one sentence for whoever has to mend it
     * @param claimed whose token it was, where that is proven; null: nobody's
     */
    record Stranger(String code, String why, @Nullable InstanceKey claimed) implements Caller {
        static final Stranger WITHOUT = new Stranger(
                "token-missing", "No token was shown (expected: the header Authorization: Bearer TOKEN).", null);
        static final Stranger UNKNOWN =
                new Stranger("token-unknown", "The token is not known here; it may have been taken back.", null);

        @Override
        public String name() {
            return claimed == null ? "stranger" : "node " + claimed + " (revoked)";
        }
    }
}
