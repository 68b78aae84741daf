package io.gatefleet.allocator.lease;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.AcquireLease;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.contract.lease.ReleaseLease;
import io.gatefleet.contract.lease.RenewLease;
import io.gatefleet.contract.lease.RestView;
import io.gatefleet.contract.port.PortSet;
import java.util.Optional;

/**
 * What can be done to a host's ledger. Deterministic: the same command on the same ledger by the same rules gives the
 * same outcome, on every member, whenever it runs. Carried as JSON.
 *
 * @param <R> the answer
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "command")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Command.Acquire.class, name = "acquire"),
    @JsonSubTypes.Type(value = Command.Renew.class, name = "renew"),
    @JsonSubTypes.Type(value = Command.Release.class, name = "release"),
    @JsonSubTypes.Type(value = Command.Lapse.class, name = "lapse"),
    @JsonSubTypes.Type(value = Command.EndRest.class, name = "end-rest"),
    @JsonSubTypes.Type(value = Command.EndRecovery.class, name = "end-recovery"),
    @JsonSubTypes.Type(value = Command.Revoke.class, name = "revoke")
})
public sealed interface Command<R> {
    /** The decision. */
    Outcome<R> on(HostLedger ledger, LeaseRules rules);

    /**
     * Asks for ports.
     *
     * @param epochSeconds where the numbers of a new ledger start: the asking member's clock, read outside so that the
     *     decision itself has none
     */
    record Acquire(AcquireLease question, long epochSeconds) implements Command<LeaseReply> {
        @Override
        public Outcome<LeaseReply> on(HostLedger ledger, LeaseRules rules) {
            return new Acquisition(ledger, question, epochSeconds, rules).decide();
        }
    }

    /** Keeps a lease for another term. */
    record Renew(RenewLease question) implements Command<LeaseReply> {
        @Override
        public Outcome<LeaseReply> on(HostLedger ledger, LeaseRules rules) {
            InstanceKey holder = question.holder();
            Optional<Holding> found = ledger.holding(holder.instance());
            if (found.isPresent() && found.get().lease().incarnation().compareTo(question.incarnation()) > 0) {
                return refused(
                        ledger,
                        new Refusal.Superseded(
                                holder,
                                question.incarnation(),
                                found.get().lease().incarnation()));
            }
            if (found.isEmpty() || !isOf(found.get().lease())) {
                return refused(ledger, new Refusal.LeaseLost(holder, question.fence()));
            }
            return renewed(ledger, found.get(), rules);
        }

        private boolean isOf(Lease lease) {
            return lease.fence() == question.fence() && lease.incarnation().equals(question.incarnation());
        }

        private Outcome<LeaseReply> renewed(HostLedger ledger, Holding holding, LeaseRules rules) {
            LedgerDraft draft = ledger.draft();
            draft.challengedBy(null);
            LeaseState state = holding.lease().state();
            if (state == LeaseState.OFFERED && question.guard() == GuardState.MISSING) {
                // Not extended: an offer that nobody guards shall not last.
                return new Outcome<>(
                        draft.sealed(),
                        new LeaseReply.Granted(holding.lease(), rules.offeredMillis(), rules.reservedAlone()));
            }
            Holding beaten = holding.beaten(state == LeaseState.REVOKED ? state : LeaseState.CONFIRMED);
            draft.put(beaten);
            draft.forgetRejects(holding.instance());
            // A revoked lease is kept while its node speaks: its gateway drains there.
            return new Outcome<>(
                    draft.sealed(),
                    state == LeaseState.REVOKED
                            ? new LeaseReply.Refused(new Refusal.LeaseRevoked(question.holder(), question.fence()))
                            : new LeaseReply.Granted(beaten.lease(), rules.termMillis(), rules.reservedAlone()));
        }
    }

    /** Gives a lease back. */
    record Release(ReleaseLease question) implements Command<LeaseReply> {
        @Override
        public Outcome<LeaseReply> on(HostLedger ledger, LeaseRules rules) {
            InstanceKey holder = question.holder();
            Optional<Holding> found = ledger.holding(holder.instance());
            if (found.isEmpty()) {
                return new Outcome<>(ledger, new LeaseReply.Released(false));
            }
            Lease lease = found.get().lease();
            if (lease.incarnation().compareTo(question.incarnation()) > 0) {
                return refused(ledger, new Refusal.Superseded(holder, question.incarnation(), lease.incarnation()));
            }
            LedgerDraft draft = ledger.draft();
            draft.drop(found.get());
            draft.forgetRejects(holder.instance());
            // A newer incarnation can vouch for its own ports only.
            if (!question.portsClosed() || !lease.incarnation().equals(question.incarnation())) {
                draft.rest(lease.ports(), RestView.Reason.RELEASED, holder.instance(), null);
            }
            return new Outcome<>(draft.sealed(), new LeaseReply.Released(true));
        }
    }

    /**
     * The sweeper's: nothing was heard for a term. Applies only if nothing was heard since, so that a lease never ends
     * early. The range rests: silence does not prove that the gateway is gone.
     */
    record Lapse(InstanceId instance, long fence, long beats) implements Command<Boolean> {
        @Override
        public Outcome<Boolean> on(HostLedger ledger, LeaseRules rules) {
            Optional<Holding> found = ledger.holding(instance)
                    .filter(holding -> holding.lease().fence() == fence && holding.beats() == beats);
            if (found.isEmpty()) {
                return new Outcome<>(ledger, false);
            }
            LedgerDraft draft = ledger.draft();
            draft.drop(found.get());
            draft.restLeftover(found.get().lease(), PortSet.EMPTY);
            return new Outcome<>(draft.sealed(), true);
        }
    }

    /** The sweeper's: a rest is over. */
    record EndRest(long id) implements Command<Boolean> {
        @Override
        public Outcome<Boolean> on(HostLedger ledger, LeaseRules rules) {
            LedgerDraft draft = ledger.draft();
            boolean ended = draft.endRest(id);
            return new Outcome<>(draft.sealed(), ended);
        }
    }

    /** The sweeper's: nobody spoke for the unknown guards. They are foreign, and grants go on around them. */
    record EndRecovery(long id) implements Command<Boolean> {
        @Override
        public Outcome<Boolean> on(HostLedger ledger, LeaseRules rules) {
            Recovery recovery = ledger.recovery();
            if (recovery == null || recovery.id() != id) {
                return new Outcome<>(ledger, false);
            }
            LedgerDraft draft = ledger.draft();
            draft.foreignGuards(draft.foreignGuards().plus(recovery.guards()));
            draft.recovery(null);
            return new Outcome<>(draft.sealed(), true);
        }
    }

    /** An operator's: takes a lease back. False where that fence is no live lease. */
    record Revoke(long fence) implements Command<Boolean> {
        @Override
        public Outcome<Boolean> on(HostLedger ledger, LeaseRules rules) {
            Optional<Holding> found = ledger.holding(fence);
            if (found.isEmpty()) {
                return new Outcome<>(ledger, false);
            }
            Holding holding = found.get();
            LedgerDraft draft = ledger.draft();
            if (holding.lease().state() != LeaseState.REVOKED) {
                draft.put(new Holding(holding.lease().in(LeaseState.REVOKED), holding.beats()));
            }
            return new Outcome<>(draft.sealed(), true);
        }
    }

    private static Outcome<LeaseReply> refused(HostLedger ledger, Refusal refusal) {
        return new Outcome<>(ledger, new LeaseReply.Refused(refusal));
    }
}
