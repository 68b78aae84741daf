package io.gatefleet.allocator.lease;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.RestView;
import io.gatefleet.contract.port.PortSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A ledger while one command changes it. */
final class LedgerDraft {
    /**
     * The largest fence that an assertion may raise a ledger to: epoch seconds x 2^20 reach it in 2106. Above it one
     * lying node could use up the numbers of its host.
     */
    static final long HIGHEST_ASSERTED_FENCE = 1L << 52;

    private final HostLedger before;
    private long nextFence;
    private List<Holding> holdings;
    private List<Rest> rests;
    private List<RejectHistory> rejects;
    private @Nullable PortSpace portSpace;
    private @Nullable InstanceId portSpaceFrom;
    private @Nullable PortSpace challenger;
    private @Nullable Recovery recovery;
    private PortSet foreignGuards;
    private @Nullable HostFacts facts;
    private boolean leasesChanged;
    private boolean beaten;
    private boolean factsChanged;

    LedgerDraft(HostLedger before) {
        this.before = before;
        nextFence = before.nextFence();
        holdings = before.holdings();
        rests = before.rests();
        rejects = before.rejects();
        portSpace = before.portSpace();
        portSpaceFrom = before.portSpaceFrom();
        challenger = before.challenger();
        recovery = before.recovery();
        foreignGuards = before.foreignGuards();
        facts = before.facts();
    }

    /** The changed ledger; the one before, if nothing changed. */
    HostLedger sealed() {
        if (unchanged()) {
            return before;
        }
        return sealed(visiblySame() ? before.revision() : before.revision() + 1);
    }

    private boolean unchanged() {
        // Flags instead of a comparison: comparing a full host's leases costs more than the decision.
        return !leasesChanged
                && !beaten
                && !factsChanged
                && nextFence == before.nextFence()
                && rests.equals(before.rests())
                && rejects.equals(before.rejects())
                && foreignGuards.equals(before.foreignGuards())
                && Objects.equals(portSpace, before.portSpace())
                && Objects.equals(portSpaceFrom, before.portSpaceFrom())
                && Objects.equals(challenger, before.challenger())
                && Objects.equals(recovery, before.recovery());
    }

    private HostLedger sealed(long revision) {
        return new HostLedger(
                before.host(),
                revision,
                nextFence,
                holdings,
                rests,
                rejects,
                portSpace,
                portSpaceFrom,
                challenger,
                recovery,
                foreignGuards,
                facts);
    }

    /** A beat changes a counter that nobody is shown. */
    private boolean visiblySame() {
        return !leasesChanged
                && !factsChanged
                && rests.equals(before.rests())
                && Objects.equals(challenger, before.challenger());
    }

    HostId host() {
        return before.host();
    }

    /**
     * Makes sure that the numbers to come are larger than every one given before: by this ledger, by one that was lost
     * and that a node remembers, or by one that was lost and that nobody remembers.
     */
    void startNumbersAbove(long assertedFence, long epochSeconds) {
        if (assertedFence > HIGHEST_ASSERTED_FENCE) {
            throw new BadInput("claim.fence", assertedFence, "at most 2^52");
        }
        if (nextFence == 0) {
            nextFence = Math.max(1, epochSeconds << 20);
        }
        nextFence = Math.max(nextFence, assertedFence + 1);
    }

    long number() {
        return nextFence++;
    }

    List<Holding> holdings() {
        return holdings;
    }

    Optional<Holding> holding(InstanceId instance) {
        int index = HostLedger.indexOf(holdings, instance);
        return index < 0 ? Optional.empty() : Optional.of(holdings.get(index));
    }

    /** Puts a holding in, in place of the instance's one before. */
    void put(Holding holding) {
        int index = HostLedger.indexOf(holdings, holding.instance());
        List<Holding> changed = new ArrayList<>(holdings.size() + 1);
        changed.addAll(holdings);
        if (index >= 0) {
            leasesChanged |= !changed.set(index, holding).lease().equals(holding.lease());
            beaten = true;
        } else {
            changed.add(-index - 1, holding);
            leasesChanged = true;
        }
        holdings = List.copyOf(changed);
    }

    /** Takes the instance's holding out, and what the last facts said of its guards. */
    void drop(Holding holding) {
        int index = HostLedger.indexOf(holdings, holding.instance());
        if (index < 0) {
            return;
        }
        List<Holding> changed = new ArrayList<>(holdings);
        changed.remove(index);
        leasesChanged = true;
        holdings = List.copyOf(changed);
        HostFacts known = facts;
        PortSet ports = holding.lease().ports();
        if (known != null && known.guards().overlaps(ports)) {
            facts = new HostFacts(
                    known.portSpace(),
                    known.listeners(),
                    known.guards().minus(ports),
                    known.ephemeral(),
                    known.reserved(),
                    known.nodePorts());
            factsChanged = true;
        }
    }

    List<Rest> rests() {
        return rests;
    }

    void rest(PortSet ports, RestView.Reason reason, InstanceId instance, @Nullable BusyPort busy) {
        if (ports.isEmpty()) {
            return;
        }
        List<Rest> changed = new ArrayList<>(rests);
        changed.add(new Rest(number(), ports, reason, instance, busy));
        rests = List.copyOf(changed);
    }

    /** What stays of an instance's lease outside of its new one may still be open. */
    void restLeftover(Lease former, PortSet kept) {
        rest(former.ports().minus(kept), RestView.Reason.LAPSED, former.holder().instance(), null);
    }

    /** The instance holds these ports again: its own rests there are over. */
    void wake(PortSet ports, InstanceId instance) {
        shorten(ports, rest -> rest.opensFor(instance));
    }

    /** These ports were found busy anew: they rest from the beginning, once. */
    void forgetBusy(PortSet ports) {
        shorten(ports, rest -> rest.reason() == RestView.Reason.BUSY);
    }

    private void shorten(PortSet ports, Predicate<Rest> which) {
        if (rests.stream().noneMatch(rest -> which.test(rest) && rest.ports().overlaps(ports))) {
            return;
        }
        rests = rests.stream()
                .map(rest -> which.test(rest) && rest.ports().overlaps(ports) ? rest.without(ports) : rest)
                .filter(rest -> !rest.ports().isEmpty())
                .toList();
    }

    boolean endRest(long id) {
        List<Rest> changed = rests.stream().filter(rest -> rest.id() != id).toList();
        if (changed.size() == rests.size()) {
            return false;
        }
        rests = changed;
        rejects = rejects.stream()
                .filter(history -> rests.stream()
                        .anyMatch(rest -> rest.reason() == RestView.Reason.BUSY
                                && rest.instance().equals(history.instance())))
                .toList();
        return true;
    }

    Optional<RejectHistory> rejects(InstanceId instance) {
        return rejects.stream()
                .filter(history -> history.instance().equals(instance))
                .findFirst();
    }

    void put(RejectHistory history) {
        forgetRejects(history.instance());
        List<RejectHistory> changed = new ArrayList<>(rejects);
        changed.add(history);
        rejects = List.copyOf(changed);
    }

    void forgetRejects(InstanceId instance) {
        if (rejects(instance).isPresent()) {
            rejects = rejects.stream()
                    .filter(history -> !history.instance().equals(instance))
                    .toList();
        }
    }

    @Nullable
    PortSpace portSpace() {
        return portSpace;
    }

    @Nullable
    InstanceId portSpaceFrom() {
        return portSpaceFrom;
    }

    void challengedBy(@Nullable PortSpace other) {
        challenger = other;
    }

    /** The host id stands for another port space from now on; what was said of the one before means nothing here. */
    void moveTo(PortSpace space, InstanceId from) {
        if (!space.equals(portSpace)) {
            rests = List.of();
            recovery = null;
            foreignGuards = PortSet.EMPTY;
            portSpace = space;
        }
        portSpaceFrom = from;
        challenger = null;
    }

    @Nullable
    Recovery recovery() {
        return recovery;
    }

    void recovery(@Nullable Recovery next) {
        recovery = next;
    }

    PortSet foreignGuards() {
        return foreignGuards;
    }

    void foreignGuards(PortSet guards) {
        foreignGuards = guards;
    }

    void facts(HostFacts said) {
        if (!said.equals(facts)) {
            facts = said;
            factsChanged = true;
        }
    }
}
