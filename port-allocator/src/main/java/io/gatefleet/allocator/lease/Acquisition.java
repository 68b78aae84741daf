package io.gatefleet.allocator.lease;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.AcquireLease;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.lease.Claim;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.contract.lease.Rejection;
import io.gatefleet.contract.lease.RestView;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * One instance's question for ports, and the answer. The order of the questions in {@link #decide} is the order of what
 * counts more: one host id is one port space, a new life ends the old one, the same question gets the same lease, who
 * stands somewhere stays, the living come before the new.
 */
final class Acquisition {
    private final AcquireLease question;
    private final InstanceKey holder;
    private final InstanceId asker;
    private final Incarnation incarnation;
    private final long epochSeconds;
    private final LeaseRules rules;
    private final LedgerDraft draft;
    private @Nullable Holding mine;

    /** The base to try again first; null where it is known not to work. */
    private @Nullable Integer formerBase;

    /** Guards here are the asker's, or were until just now. */
    private PortSet own = PortSet.EMPTY;

    Acquisition(HostLedger ledger, AcquireLease question, long epochSeconds, LeaseRules rules) {
        this.question = question;
        this.epochSeconds = epochSeconds;
        this.rules = rules;
        holder = question.holder();
        asker = holder.instance();
        incarnation = question.incarnation();
        draft = ledger.draft();
        mine = ledger.holding(asker).orElse(null);
        formerBase = mine == null ? null : mine.lease().base();
        if (!holder.host().equals(ledger.host())) {
            throw new BadInput("holder.host", holder.host(), ledger.host().value());
        }
    }

    Outcome<LeaseReply> decide() {
        Holding former = mine;
        if (former != null && former.lease().incarnation().compareTo(incarnation) > 0) {
            return refuse(
                    new Refusal.Superseded(holder, incarnation, former.lease().incarnation()));
        }
        Claim claim = question.claim();
        draft.startNumbersAbove(claim == null ? 0 : claim.fence(), epochSeconds);
        Optional<Refusal> otherSpace = enterPortSpace();
        if (otherSpace.isPresent()) {
            return refuse(otherSpace.get());
        }
        draft.facts(question.facts());
        Optional<Outcome<LeaseReply>> same = sameQuestion();
        if (same.isPresent()) {
            return same.get();
        }
        takeRejection();
        if (claim != null && asserts(claim)) {
            return assertClaim(claim);
        }
        Optional<RejectHistory> history = draft.rejects(asker);
        if (history.isPresent() && history.get().rejections().size() >= rules.mostRejects()) {
            return refuse(new Refusal.NoUsableRange(holder, history.get().rejections()));
        }
        Optional<Refusal> waiting = waitForTheLiving();
        if (waiting.isPresent()) {
            return refuse(waiting.get());
        }
        return offer(claim);
    }

    /** Refused while the leases that live are of another port space; otherwise the host id stands for this one. */
    private Optional<Refusal> enterPortSpace() {
        PortSpace offered = question.facts().portSpace();
        PortSpace known = draft.portSpace();
        if (known == null || known.equals(offered)) {
            draft.moveTo(offered, asker);
            return Optional.empty();
        }
        // The asker's own lease of an earlier life is no voice for the old port space: that life is over.
        Optional<InstanceId> voice = draft.holdings().stream()
                .filter(holding -> !holding.instance().equals(asker)
                        || holding.lease().incarnation().equals(incarnation))
                .map(Holding::instance)
                .min((left, right) ->
                        Boolean.compare(right.equals(draft.portSpaceFrom()), left.equals(draft.portSpaceFrom())));
        if (voice.isPresent()) {
            draft.challengedBy(offered);
            InstanceKey from = new InstanceKey(draft.host(), voice.get());
            return Optional.of(new Refusal.PortSpaceConflict(draft.host(), known, offered, from));
        }
        if (mine != null) {
            // Nothing of the old port space can stand in the new one: no rest.
            draft.drop(mine);
            mine = null;
        }
        draft.moveTo(offered, asker);
        return Optional.empty();
    }

    /** The same holder, incarnation and rejected fence get the same lease. */
    private Optional<Outcome<LeaseReply>> sameQuestion() {
        Holding holding = mine;
        if (holding == null) {
            return Optional.empty();
        }
        Lease lease = holding.lease();
        boolean sameLife = lease.incarnation().equals(incarnation);
        Claim claim = question.claim();
        Claim asserted = claim != null && asserts(claim) ? claim : null;
        if (lease.state() == LeaseState.REVOKED
                && (sameLife || (asserted != null && asserted.ports().overlaps(lease.ports())))) {
            return Optional.of(refuse(new Refusal.LeaseRevoked(holder, lease.fence())));
        }
        Rejection rejected = question.rejected();
        if (!sameLife || (rejected != null && rejected.fence() == lease.fence())) {
            return Optional.empty();
        }
        if (asserted != null) {
            if (!asserted.ports().equals(lease.ports())) {
                return Optional.empty();
            }
            if (lease.state() == LeaseState.OFFERED && asserted.guard() == GuardState.HELD) {
                holding = holding.beaten(LeaseState.CONFIRMED);
                draft.put(holding);
                draft.forgetRejects(asker);
            }
        } else if (!lease.footprint().equals(question.footprint())
                && (claim == null || !lease.footprint().equals(claim.footprint()))) {
            throw new BadInput(
                    "footprint",
                    question.footprint(),
                    "%s, which incarnation %s asked for first".formatted(lease.footprint(), incarnation));
        }
        return Optional.of(granted(holding.lease()));
    }

    /** Remembers what the asker found, and lets it rest. */
    private void takeRejection() {
        draft.rejects(asker)
                .filter(history -> !history.incarnation().equals(incarnation))
                .ifPresent(history -> draft.forgetRejects(asker));
        Rejection rejected = question.rejected();
        if (rejected == null) {
            return;
        }
        RejectHistory history = draft.rejects(asker).orElseGet(() -> new RejectHistory(asker, incarnation, List.of()));
        if (history.knows(rejected.fence())) {
            return;
        }
        draft.put(history.plus(rejected));
        Map<Object, List<BusyPort>> strangers = new LinkedHashMap<>();
        for (BusyPort busy : rejected.busy()) {
            // Not Map.entry: pid and command may be unknown.
            Object who = Arrays.asList(busy.protocol(), busy.pid(), busy.command());
            strangers.computeIfAbsent(who, key -> new ArrayList<>()).add(busy);
        }
        PortSet busyPorts = PortSet.of(
                rejected.busy().stream().mapToInt(BusyPort::port).distinct().toArray());
        draft.forgetBusy(busyPorts);
        strangers.values().forEach(found -> {
            PortSet ports = PortSet.of(
                    found.stream().mapToInt(BusyPort::port).distinct().toArray());
            draft.rest(ports, RestView.Reason.BUSY, asker, found.get(0));
        });
        Holding holding = mine;
        if (holding != null && holding.lease().fence() == rejected.fence()) {
            giveUp(holding.lease(), rejected, busyPorts);
        }
    }

    private void giveUp(Lease lease, Rejection rejected, PortSet busyPorts) {
        PortSet ports = lease.ports();
        if (!busyPorts.overlaps(ports)) {
            // Whatever is wrong there is not in the range itself; to offer it again would be the same answer for ever.
            draft.rest(ports, RestView.Reason.BUSY, asker, rejected.busy().get(0));
        } else if (lease.state() != LeaseState.OFFERED) {
            draft.restLeftover(lease, busyPorts);
        }
        own = own.plus(ports);
        draft.drop(Objects.requireNonNull(mine));
        mine = null;
        formerBase = null;
    }

    /** Whether the claim states a fact, and no wish: the node holds the guard there, or its gateway lives there. */
    private static boolean asserts(Claim claim) {
        return claim.guard() == GuardState.HELD || Boolean.TRUE.equals(claim.standing());
    }

    /** The instance stands there. Without its guard it gets an offer only: who holds the guard can still take it. */
    private Outcome<LeaseReply> assertClaim(Claim claim) {
        PortSet claimed = claim.ports();
        List<Holding> inTheWay = draft.holdings().stream()
                .filter(holding -> !holding.instance().equals(asker) && PortMap.overlap(holding.lease(), claimed))
                .toList();
        for (Holding other : inTheWay) {
            if (other.lease().state() != LeaseState.OFFERED) {
                return refuse(new Refusal.ClaimConflict(holder, claimed, other.lease()));
            }
        }
        inTheWay.forEach(draft::drop);
        return grant(
                claim.base(),
                claim.footprint(),
                claim.guard() == GuardState.HELD ? LeaseState.CONFIRMED : LeaseState.OFFERED);
    }

    /**
     * Guards that the ledger does not know are of nodes that it forgot: they get their bases back before anybody else
     * gets one. Asked once; when nobody speaks for them, they are foreign.
     */
    private Optional<Refusal> waitForTheLiving() {
        HostFacts facts = question.facts();
        draft.foreignGuards(draft.foreignGuards().and(facts.guards()));
        BitSet known = own().plus(draft.foreignGuards()).bits();
        draft.holdings().forEach(holding -> PortMap.mark(known, holding.lease()));
        draft.rests().forEach(rest -> known.or(rest.ports().bits()));
        PortSet unknown = facts.guards().and(rules.pool()).minus(PortSet.of(known));
        if (unknown.isEmpty()) {
            return Optional.empty();
        }
        Recovery recovery = draft.recovery();
        draft.recovery(
                recovery == null
                        ? new Recovery(draft.number(), unknown)
                        : new Recovery(recovery.id(), recovery.guards().plus(unknown)));
        return Optional.of(new Refusal.Recovering(draft.host(), unknown, rules.recoveryMillis()));
    }

    /** Where the asker's own guards stand, or may: they are no obstacle to itself. */
    private PortSet own() {
        PortSet ports = own;
        if (mine != null) {
            ports = ports.plus(mine.lease().ports());
        }
        for (Rest rest : draft.rests()) {
            if (rest.opensFor(asker)) {
                ports = ports.plus(rest.ports());
            }
        }
        return ports;
    }

    private Outcome<LeaseReply> offer(@Nullable Claim claim) {
        Placement placement =
                new Placement(draft.host(), draft.holdings(), draft.rests(), asker, question.facts(), own(), rules);
        OptionalInt base = placement.base(question.footprint(), wishes(claim));
        if (base.isEmpty()) {
            return refuse(placement.refusal(question.footprint()));
        }
        return grant(base.getAsInt(), question.footprint(), LeaseState.OFFERED);
    }

    private List<Integer> wishes(@Nullable Claim claim) {
        List<Integer> wishes = new ArrayList<>();
        if (claim != null) {
            wishes.add(claim.base());
        }
        if (formerBase != null) {
            wishes.add(formerBase);
        }
        for (Rest rest : draft.rests()) {
            if (rest.opensFor(asker)) {
                wishes.add(rest.ports().lowest());
            }
        }
        return wishes;
    }

    private Outcome<LeaseReply> grant(int base, Footprint footprint, LeaseState state) {
        Lease lease = new Lease(holder, incarnation, base, footprint, question.layout(), draft.number(), state);
        PortSet ports = lease.ports();
        Optional<Holding> former = draft.holding(asker);
        former.ifPresent(draft::drop);
        draft.put(new Holding(lease, 0));
        draft.wake(ports, asker);
        former.ifPresent(holding -> draft.restLeftover(holding.lease(), ports));
        Recovery recovery = draft.recovery();
        if (recovery != null && recovery.guards().overlaps(ports)) {
            PortSet silent = recovery.guards().minus(ports);
            draft.recovery(silent.isEmpty() ? null : new Recovery(recovery.id(), silent));
        }
        if (state == LeaseState.CONFIRMED) {
            draft.forgetRejects(asker);
        }
        return granted(lease);
    }

    private Outcome<LeaseReply> granted(Lease lease) {
        long millis = lease.state() == LeaseState.OFFERED ? rules.offeredMillis() : rules.termMillis();
        return new Outcome<>(draft.sealed(), new LeaseReply.Granted(lease, millis, rules.reservedAlone()));
    }

    private Outcome<LeaseReply> refuse(Refusal refusal) {
        return new Outcome<>(draft.sealed(), new LeaseReply.Refused(refusal));
    }
}
