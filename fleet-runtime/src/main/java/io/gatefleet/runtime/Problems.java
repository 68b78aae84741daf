package io.gatefleet.runtime;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.Problem;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.lease.Refusal;
import java.util.Map;
import java.util.TreeMap;

/** The one place where refusals and bad input become problem documents. */
public final class Problems {
    private Problems() {}

    /** The problem of a refusal; its facts are the problem's further members. */
    public static Problem of(Refusal refusal) {
        // No default branch: a new code must fail to compile here. (On Java 21, switch on the type itself.)
        return switch (refusal.kind()) {
            case POOL_EXHAUSTED -> problem(503, "No free port range", refusal);
            case POOL_TOO_NARROW -> problem(422, "The pool cannot take this footprint", refusal);
            case CLAIM_CONFLICT -> problem(409, "The claimed ports are another instance's", refusal);
            case NO_USABLE_RANGE -> problem(409, "No offer was usable", refusal);
            case RECOVERING -> problem(503, "Grants wait for the living", refusal);
            case PORT_SPACE_CONFLICT -> problem(409, "One host id for two port spaces", refusal);
            case LEASE_LOST -> problem(409, "Lease is no longer held", refusal);
            case LEASE_REVOKED -> problem(409, "Lease was revoked", refusal);
            case SUPERSEDED -> problem(409, "A newer incarnation is known", refusal);
            case UNKNOWN_INSTANCE -> problem(404, "Instance is not registered", refusal);
            case NAME_ALIVE -> problem(409, "The name is alive", refusal);
            case UNAVAILABLE -> problem(503, "A part of the fleet cannot be reached", refusal);
        };
    }

    public static Problem of(BadInput bad) {
        return Problem.of(
                400,
                "bad-input",
                "A value cannot be used",
                bad.getMessage(),
                Map.of("name", bad.name(), "value", bad.value(), "expected", bad.expected()));
    }

    private static Problem problem(int status, String title, Refusal refusal) {
        @SuppressWarnings("unchecked")
        Map<String, Object> facts =
                new TreeMap<>((Map<String, Object>) Wire.STRICT.mapper().convertValue(refusal, Map.class));
        facts.keySet().removeAll(java.util.List.of("type", "title", "status", "code", "detail"));
        // An instance's name is a fact of its own; the member "instance" is the request's path (RFC 9457).
        Object instance = facts.remove("instance");
        if (instance != null) {
            facts.put("subject", instance);
        }
        return Problem.of(status, refusal.kind().toString(), title, refusal.detail(), facts);
    }
}
