package io.gatefleet.runtime.access;

import io.gatefleet.contract.instance.InstanceKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a route needs of its caller. Every route says it; what no row here admits is refused. */
public enum Needs {
    /** Open: whether a service lives and how it is asked is no secret. */
    NOTHING,
    /** A read token, or nothing where an operator opened the meters. */
    METRICS,
    /** An operator's token. */
    READ,
    /** An admin's token. */
    ADMIN,
    /** A join token, or the token of the instance that the path names. */
    JOIN,
    /** The token of the instance that the path names. */
    OWN_NODE;

    /** A no, as HTTP says it. */
    public record Denial(int status, String code, String detail) {}

    /**
     * Why this caller is not admitted; empty when it is.
     *
     * @param host what the path names, or null
     * @param instance what the path names, or null
     */
    public Optional<Denial> denial(Caller caller, @Nullable String host, @Nullable String instance) {
        if (this == NOTHING || caller instanceof Caller.Anybody) {
            return Optional.empty();
        }
        if (caller instanceof Caller.Stranger stranger) {
            return Optional.of(new Denial(401, stranger.code(), stranger.why()));
        }
        if (caller instanceof Caller.Operator operator) {
            boolean admitted =
                    switch (this) {
                        case NOTHING, METRICS, READ -> true;
                        case ADMIN -> operator.role() == Role.ADMIN;
                        case JOIN, OWN_NODE -> false;
                    };
            return admitted ? Optional.empty() : forbidden("an operator's token with role " + operator.role());
        }
        if (this != JOIN && this != OWN_NODE) {
            return forbidden(caller instanceof Caller.Node ? "a node's token" : "a join token");
        }
        if (caller instanceof Caller.Node node) {
            InstanceKey own = node.instance();
            return own.host().value().equals(host) && own.instance().value().equals(instance)
                    ? Optional.empty()
                    : Optional.of(new Denial(
                            403,
                            "other-instance",
                            "The token is that of %s, and opens nothing of any other instance.".formatted(own)));
        }
        if (caller instanceof Caller.Joiner joiner && this == JOIN) {
            return joiner.host() == null || joiner.host().value().equals(host)
                    ? Optional.empty()
                    : Optional.of(new Denial(
                            403,
                            "other-host",
                            "The join token %s is for host %s only.".formatted(joiner.tokenName(), joiner.host())));
        }
        return forbidden("a join token");
    }

    private Optional<Denial> forbidden(String shown) {
        return Optional.of(
                new Denial(403, "forbidden", "Needs %s; what was shown is %s.".formatted(description(), shown)));
    }

    private String description() {
        return switch (this) {
            case NOTHING -> "nothing";
            case METRICS, READ -> "an operator's token (read or admin)";
            case ADMIN -> "an operator's token with role admin";
            case JOIN -> "a join token, or the instance's own node token";
            case OWN_NODE -> "the instance's own node token";
        };
    }
}
