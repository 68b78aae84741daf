package io.gatefleet.contract.lease;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A no that is no fault: what was asked for cannot be had, and these are the facts. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "code")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Refusal.PoolExhausted.class, name = "pool-exhausted"),
    @JsonSubTypes.Type(value = Refusal.PoolTooNarrow.class, name = "pool-too-narrow"),
    @JsonSubTypes.Type(value = Refusal.ClaimConflict.class, name = "claim-conflict"),
    @JsonSubTypes.Type(value = Refusal.NoUsableRange.class, name = "no-usable-range"),
    @JsonSubTypes.Type(value = Refusal.Recovering.class, name = "recovering"),
    @JsonSubTypes.Type(value = Refusal.PortSpaceConflict.class, name = "port-space-conflict"),
    @JsonSubTypes.Type(value = Refusal.LeaseLost.class, name = "lease-lost"),
    @JsonSubTypes.Type(value = Refusal.LeaseRevoked.class, name = "lease-revoked"),
    @JsonSubTypes.Type(value = Refusal.Superseded.class, name = "superseded"),
    @JsonSubTypes.Type(value = Refusal.UnknownInstance.class, name = "unknown-instance"),
    @JsonSubTypes.Type(value = Refusal.NameAlive.class, name = "name-alive"),
    @JsonSubTypes.Type(value = Refusal.Unavailable.class, name = "unavailable")
})
public sealed interface Refusal {
    /** Stable on the wire, in kebab-case: added to, never renamed. */
    enum Code {
        POOL_EXHAUSTED,
        POOL_TOO_NARROW,
        CLAIM_CONFLICT,
        NO_USABLE_RANGE,
        RECOVERING,
        PORT_SPACE_CONFLICT,
        LEASE_LOST,
        LEASE_REVOKED,
        SUPERSEDED,
        UNKNOWN_INSTANCE,
        NAME_ALIVE,
        UNAVAILABLE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Which kind of refusal this is. */
    @JsonIgnore
    Code kind();

    /** One sentence for a person: what is, and what to do next. */
    @JsonIgnore
    String detail();

    /**
     * No place is left on the host.
     *
     * @param freePorts not lent, resting, reserved or foreign
     * @param widestGap the longest run of those
     */
    record PoolExhausted(HostId host, PortSet pool, Footprint wanted, int freePorts, int widestGap) implements Refusal {
        @Override
        public Code kind() {
            return Code.POOL_EXHAUSTED;
        }

        @Override
        public String detail() {
            return ("No place for footprint %s on %s: %d ports of pool %s are free, at most %d in a row. "
                            + "Stop an instance, widen the pool, or use the dense layout.")
                    .formatted(wanted, host, freePorts, pool, widestGap);
        }
    }

    /** The pool could not take this footprint even when empty. */
    record PoolTooNarrow(HostId host, PortSet pool, Footprint wanted, int highestBase) implements Refusal {
        @Override
        public Code kind() {
            return Code.POOL_TOO_NARROW;
        }

        @Override
        public String detail() {
            return "Footprint %s does not fit into pool %s of %s with a base of at most %d, even when all of it is free."
                    .formatted(wanted, pool, host, highestBase);
        }
    }

    /** What was claimed overlaps what another living instance holds. In one port space that cannot happen. */
    record ClaimConflict(InstanceKey claimant, PortSet claimed, Lease holder) implements Refusal {
        @Override
        public Code kind() {
            return Code.CLAIM_CONFLICT;
        }

        @Override
        public String detail() {
            return ("%s claims %s, but %s holds %s with fence %d. Both keep running; either a node lies, "
                            + "or one host id stands for two port spaces.")
                    .formatted(claimant, claimed, holder.holder(), holder.ports(), holder.fence());
        }
    }

    /** The node rejected offer after offer. */
    record NoUsableRange(InstanceKey instance, List<Rejection> rejected) implements Refusal {
        @Override
        public Code kind() {
            return Code.NO_USABLE_RANGE;
        }

        @Override
        public String detail() {
            return "%s rejected %d offers in a row; the busy ports are listed. Stop what holds them, or reserve them."
                    .formatted(instance, rejected.size());
        }
    }

    /**
     * The host's kernel shows guards that the ledger does not know: the living get their bases back first.
     *
     * @param retryAfterMillis when to ask again
     */
    record Recovering(HostId host, PortSet unknownGuards, long retryAfterMillis) implements Refusal {
        @Override
        public Code kind() {
            return Code.RECOVERING;
        }

        @Override
        public String detail() {
            return "Guards on %s of %s are unknown to this ledger: grants wait %d ms for their nodes to speak first."
                    .formatted(unknownGuards, host, retryAfterMillis);
        }
    }

    /** One host id, two port spaces. */
    record PortSpaceConflict(
            HostId host,
            PortSpace known,
            PortSpace offered,
            @Nullable InstanceKey knownFrom) implements Refusal {
        @Override
        public Code kind() {
            return Code.PORT_SPACE_CONFLICT;
        }

        @Override
        public String detail() {
            return "Host id %s stands for port space %s (%s), not for %s. Give one of the two another host id."
                    .formatted(host, known, knownFrom == null ? "seen before" : "of " + knownFrom, offered);
        }
    }

    /** That fence is not the instance's lease any more: register again, with a claim. */
    record LeaseLost(InstanceKey instance, long fence) implements Refusal {
        @Override
        public Code kind() {
            return Code.LEASE_LOST;
        }

        @Override
        public String detail() {
            return "The lease of %s with fence %d is no longer held. Register again and claim it."
                    .formatted(instance, fence);
        }
    }

    /** An operator took the lease back. */
    record LeaseRevoked(InstanceKey instance, long fence) implements Refusal {
        @Override
        public Code kind() {
            return Code.LEASE_REVOKED;
        }

        @Override
        public String detail() {
            return "An operator revoked the lease of %s with fence %d. Stop the gateway and deregister."
                    .formatted(instance, fence);
        }
    }

    /** A newer incarnation of the instance is known. */
    record Superseded(InstanceKey instance, Incarnation incarnation, Incarnation newest) implements Refusal {
        @Override
        public Code kind() {
            return Code.SUPERSEDED;
        }

        @Override
        public String detail() {
            return "Incarnation %s of %s is superseded by %s.".formatted(incarnation, instance, newest);
        }
    }

    /** Nobody knows the instance: register again, with a claim. */
    record UnknownInstance(InstanceKey instance) implements Refusal {
        @Override
        public Code kind() {
            return Code.UNKNOWN_INSTANCE;
        }

        @Override
        public String detail() {
            return "%s is not registered here. Register again with its claim.".formatted(instance);
        }
    }

    /**
     * A join token takes no name that is alive: only its own node, by its own token, may join under it.
     *
     * @param retryAfterMillis when the name is free if its node stays silent
     */
    record NameAlive(InstanceKey instance, long retryAfterMillis) implements Refusal {
        @Override
        public Code kind() {
            return Code.NAME_ALIVE;
        }

        @Override
        public String detail() {
            return ("The node of %s was heard within its term, so only its own token may join under that name. "
                            + "A join token may after %d ms of silence.")
                    .formatted(instance, retryAfterMillis);
        }
    }

    /** The part that would know cannot be asked now. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Unavailable(String what, long retryAfterMillis) implements Refusal {
        @Override
        public Code kind() {
            return Code.UNAVAILABLE;
        }

        @Override
        public String detail() {
            return "%s cannot be reached now; ask again in %d ms.".formatted(what, retryAfterMillis);
        }
    }
}
