package io.gatefleet.node.lease;

import io.gatefleet.contract.instance.GatewayReport.Finding;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.Registration;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.lease.Claim;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.lease.Rejection;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortSet;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One node's side of the conversation about its lease: hears what happened, says what to do next.
 *
 * <p>Two laws stand above all others. The kernel decides: no gateway is started in a range whose guard is not held. And
 * a healthy gateway is never stopped because the control plane is silent, unwell or of another opinion: the gateway
 * with which a person repairs everything else must live exactly then. It is stopped only when somebody asks the node to
 * end or an operator revokes the lease, both of which are a person's word, and, without one, in a single case: its guard is
 * refused <em>and</em> the allocator names another instance's confirmed lease there.
 *
 * <p>Not thread-safe. At most one registration, one take, one heartbeat and one stop are under way at a time.
 */
public final class LeaseKeeper {
    /** Where the node is in its life. */
    public enum Phase {
        /** No range; asks for one. */
        SEEKING,
        /** Was offered a range, or remembers one, and tries whether it is free. */
        TRYING,
        /** Found its own gateway alive and takes the guard of where it stands, before anything else. */
        SETTLING,
        /** Holds the guard of its range; the gateway may run. */
        KEEPING,
        /** Its gateway runs where somebody else holds the guard. */
        UNGUARDED,
        /** A newer incarnation is registered; keeps guard and gateway, and waits for the newer one to leave. */
        ASIDE,
        /** Stops its gateway, to end or to move. */
        CLEARING,
        /** Ended. */
        GONE
    }

    /** The allocator itself gives up after five; a registry that never does is not followed for ever at full speed. */
    private static final int MOST_REJECTIONS_IN_A_ROW = 5;

    private static final int MOST_BUSY = 512;
    private static final int MOST_NAMED = 4;

    private final InstanceKey self;
    private final Incarnation incarnation;
    private final Footprint footprint;
    private final String layout;
    private final RetryTimes times;
    private final DoubleSupplier random;

    private final Map<String, String> findings = new LinkedHashMap<>();
    private List<Action> actions = new ArrayList<>();
    private Phase phase = Phase.SEEKING;
    private GuardState guard = GuardState.MISSING;

    /** Where the gateway stands, or where the node tries to stand. */
    private @Nullable Lease stand;

    /** What the control plane says is lent; elsewhere than {@link #stand} only while unguarded. */
    private @Nullable Lease lent;

    private @Nullable Lease last;
    private @Nullable Rejection rejected;
    private @Nullable String trouble;
    private long beatMillis;

    /** A gateway was started or adopted on {@link #stand} and was not stopped since. */
    private boolean occupied;

    private boolean adopted;
    private boolean alive;
    private boolean registered;

    /** The last word of the control plane was a yes. */
    private boolean agreed;

    private boolean everRegistered;
    private boolean unconfirmed;
    private boolean triedLast;
    private boolean asking;
    private boolean taking;
    private boolean beating;
    private boolean beatAgain;
    private boolean stopping;
    private boolean portsClosed = true;
    private Action.@Nullable Ending ending;
    private String clearingWhy = "";
    private int failures;
    private int rejections;
    private int assertions;

    /**
     * @param footprint the ports that the instance's layout takes
     * @param random 0 to 1, for jitter: a thousand nodes must not come back in step
     */
    public LeaseKeeper(
            InstanceKey self,
            Incarnation incarnation,
            Footprint footprint,
            String layout,
            RetryTimes times,
            DoubleSupplier random) {
        this.self = self;
        this.incarnation = incarnation;
        this.footprint = footprint;
        this.layout = layout;
        this.times = times;
        this.random = random;
        this.beatMillis = times.paceOf(5_000);
    }

    public Phase phase() {
        return phase;
    }

    public GuardState guard() {
        return guard;
    }

    /** Where the node's gateway stands or may stand; empty while there is no such place. */
    public Optional<Lease> stand() {
        return phase == Phase.SEEKING || phase == Phase.TRYING ? Optional.empty() : Optional.ofNullable(stand);
    }

    /** Whether a ledger has said where the node stands, and none has denied it since: beats go there. */
    public boolean registered() {
        return registered;
    }

    /** Whether the control plane, when it was asked last, answered that it knows where the node stands. */
    public boolean known() {
        return registered && agreed;
    }

    /** What keeps the node from its place, in one sentence; empty when all is well. */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** Trouble that a person should hear of. */
    public List<Finding> findings() {
        return findings.entrySet().stream()
                .map(finding -> new Finding(finding.getKey(), finding.getValue()))
                .toList();
    }

    /** What to do now that this happened, in this order. */
    public List<Action> on(Event event) {
        actions = new ArrayList<>();
        if (phase != Phase.GONE) {
            hear(event);
        }
        return actions;
    }

    private void hear(Event event) {
        if (event instanceof Event.Started started) {
            begin(started);
        } else if (event instanceof Event.Woke) {
            woke();
        } else if (event instanceof Event.Registered answer) {
            asking = false;
            if (fits(answer.lease())) {
                agreed = true;
                everRegistered = true;
                registered(answer);
            } else {
                registerSilent("the registry answered with a lease that was not asked for: " + answer.lease(), 0);
            }
        } else if (event instanceof Event.RegisterRefused refused) {
            asking = false;
            agreed = false;
            registerRefused(refused.no());
        } else if (event instanceof Event.RegisterSilent silent) {
            asking = false;
            registerSilent(silent.why(), 0);
        } else if (event instanceof Event.RangeHeld) {
            taking = false;
            rangeHeld();
        } else if (event instanceof Event.RangeBusy busy) {
            taking = false;
            rangeBusy(busy.busy());
        } else if (event instanceof Event.RangeUnavailable unavailable) {
            taking = false;
            rangeUnavailable(unavailable.why());
        } else if (event instanceof Event.BeatTaken taken) {
            beating = false;
            if (answersTheBeat(taken.lease())) {
                agreed = true;
                beatTaken(taken);
            } else {
                beatSilent("the registry answered a heartbeat with a lease that was not asked for: " + taken.lease());
            }
        } else if (event instanceof Event.BeatRefused refused) {
            beating = false;
            agreed = false;
            beatRefused(refused.no());
        } else if (event instanceof Event.BeatSilent silent) {
            beating = false;
            beatSilent(silent.why());
        } else if (event instanceof Event.GatewayChanged changed) {
            gatewayChanged(changed.alive());
        } else if (event instanceof Event.GatewayStopped stopped) {
            stopping = false;
            occupied = false;
            alive = false;
            portsClosed = stopped.portsClosed();
            clear();
        } else if (event instanceof Event.StopRequested) {
            clear(Action.Ending.DRAINED, "told to end");
        } else if (event instanceof Event.Deregistered) {
            quit();
        }
    }

    private void begin(Event.Started started) {
        last = started.last();
        stand = started.standing();
        if (stand == null) {
            register();
            return;
        }
        // Before anything else: while the guard is open, a second instance could be sent into the living range.
        phase = Phase.SETTLING;
        occupied = true;
        alive = true;
        take(stand);
    }

    private void woke() {
        switch (phase) {
            case SEEKING -> register();
            case TRYING -> {
                if (!taking && !asking && stand != null) {
                    take(stand);
                }
            }
            case KEEPING -> {
                if (registered) {
                    beat();
                    waitForBeat();
                } else {
                    register();
                }
            }
            case UNGUARDED -> {
                if (!taking && !asking && stand != null) {
                    take(stand);
                }
            }
            case ASIDE -> {
                beat();
                pause(times.slow());
            }
            case CLEARING -> {
                // A drain takes minutes at times, a term seconds: the lease is renewed until the last socket is closed.
                if (registered) {
                    beat();
                }
                waitForBeat();
            }
            case SETTLING, GONE -> {}
        }
    }

    private void registered(Event.Registered answer) {
        Lease lease = answer.lease();
        failures = 0;
        trouble = null;
        pace(answer.pace());
        switch (phase) {
            case SEEKING -> {
                registered = true;
                rejected = null;
                lent = lease;
                stand = lease;
                phase = Phase.TRYING;
                take(lease);
            }
            case KEEPING, ASIDE -> {
                if (stand != null && !lease.ports().equals(stand.ports())) {
                    mismatch(lease);
                } else {
                    phase = Phase.KEEPING;
                    known(lease);
                }
            }
            case UNGUARDED -> {
                registered = true;
                lent = lease;
                beat();
                pause(times.guard());
            }
            case CLEARING -> {
                registered = true;
                lent = lease;
                clear();
            }
            case TRYING, SETTLING, GONE -> {}
        }
    }

    /** The control plane agrees on where the node stands. */
    private void known(Lease lease) {
        registered = true;
        stand = lease;
        lent = lease;
        unconfirmed = false;
        findings.remove("lease-mismatch");
        findings.remove("claim-conflict");
        if (lease.state() == LeaseState.REVOKED) {
            revoked("the lease with fence " + lease.fence() + " is revoked");
            return;
        }
        actions.add(new Action.Remember(lease));
        beat();
        waitForBeat();
    }

    /** It lent another range than the one that is guarded and run: that is no reason to stop a gateway. */
    private void mismatch(Lease lease) {
        registered = false;
        trouble = "the control plane lent %s, but the gateway stands on %s, guarded"
                .formatted(lease.ports(), stand == null ? "" : stand.ports());
        findings.put("lease-mismatch", trouble);
        pause(times.slow());
    }

    private void registerRefused(Event.No no) {
        trouble = no.code() + ": " + no.detail();
        switch (phase) {
            case SEEKING -> refusedWhileSeeking(no);
            case KEEPING, ASIDE -> refusedWhileKeeping(no);
            case UNGUARDED -> {
                if (no.code().equals("claim-conflict") && namesAnOwner(no.holder())) {
                    clear(null, "its guard is refused and the allocator names the owner: " + no.detail());
                } else {
                    pause(Math.max(times.guard(), notBefore(no)));
                }
            }
            case CLEARING -> clear();
            case TRYING, SETTLING, GONE -> {}
        }
    }

    private void refusedWhileSeeking(Event.No no) {
        switch (no.code()) {
            case "superseded" -> {
                ending = Action.Ending.SUPERSEDED;
                clearingWhy = no.detail();
                quit();
            }
            // A registry that does not know this node is as good as none: the rescue gateway must start exactly then.
            case "unavailable", "token-missing", "token-unknown", "token-revoked" ->
                registerSilent(trouble == null ? no.code() : trouble, notBefore(no));
            case "recovering" -> pause(Math.max(notBefore(no), times.first()));
            case "claim-conflict" -> {
                boolean wished = wish() != null;
                last = null;
                if (wished) {
                    register();
                } else {
                    pause(times.slow());
                }
            }
            case "no-usable-range" -> {
                // Whatever is in the way may go; what was rejected is known to the allocator and rests there.
                rejected = null;
                last = null;
                rejections = 0;
                pause(times.slow());
            }
            case "lease-lost", "lease-revoked", "unknown-instance" -> {
                last = null;
                rejected = null;
                pause(backOff());
            }
            default -> pause(Math.max(notBefore(no), times.slow()));
        }
    }

    private void refusedWhileKeeping(Event.No no) {
        switch (no.code()) {
            case "superseded" -> standAside(no.detail());
            case "lease-revoked" -> revoked(no.detail());
            case "claim-conflict" -> {
                findings.put("claim-conflict", no.detail());
                pause(times.slow());
            }
            default -> pause(Math.max(notBefore(no), backOff()));
        }
    }

    /** @param notBefore what the control plane said about when to ask again, in milliseconds; 0: nothing */
    private void registerSilent(String why, long notBefore) {
        agreed = false;
        trouble = why;
        switch (phase) {
            case SEEKING -> {
                Lease before = last;
                if (before != null && !triedLast && before.footprint().equals(footprint)) {
                    // No control plane: the kernel alone decides whether the instance may stand where it stood.
                    triedLast = true;
                    unconfirmed = true;
                    stand = new Lease(
                            self,
                            incarnation,
                            before.base(),
                            before.footprint(),
                            before.layout(),
                            before.fence(),
                            LeaseState.OFFERED);
                    phase = Phase.TRYING;
                    take(stand);
                } else {
                    pause(Math.max(notBefore, backOff()));
                }
            }
            case KEEPING -> pause(backOff());
            case ASIDE -> pause(times.slow());
            case UNGUARDED -> pause(Math.max(times.guard(), backOff()));
            case CLEARING -> clear();
            case TRYING, SETTLING, GONE -> {}
        }
    }

    private void rangeHeld() {
        guard = GuardState.HELD;
        findings.remove("guard-unavailable");
        findings.remove("unguarded");
        Lease here = stand;
        switch (phase) {
            case TRYING -> {
                rejections = 0;
                phase = Phase.KEEPING;
                occupied = true;
                alive = true;
                if (here == null) {
                    return;
                }
                actions.add(new Action.Remember(here));
                actions.add(new Action.Run(here));
                if (unconfirmed) {
                    register();
                } else {
                    beat();
                    waitForBeat();
                }
            }
            case SETTLING, UNGUARDED -> {
                phase = Phase.KEEPING;
                if (here == null) {
                    return;
                }
                actions.add(new Action.Remember(here));
                adopt(here);
                register();
            }
            case CLEARING -> clear();
            default -> {
                guard = GuardState.MISSING;
                actions.add(new Action.LetGo());
            }
        }
    }

    private void rangeBusy(List<BusyPort> busy) {
        switch (phase) {
            case TRYING -> rejectOffer(busy);
            case SETTLING, UNGUARDED ->
                unguarded(
                        "unguarded",
                        "the gateway runs on %s, of which %s; retried every %d ms"
                                .formatted(stand == null ? "" : stand.ports(), named(busy), times.guard()));
            case CLEARING -> clear();
            default -> {}
        }
    }

    private void rejectOffer(List<BusyPort> busy) {
        Lease offer = stand;
        stand = null;
        phase = Phase.SEEKING;
        last = null;
        trouble = (offer == null ? "" : offer.ports() + " cannot be had: ") + named(busy);
        if (unconfirmed || offer == null) {
            // Nobody lent it, so there is nobody to give it back to.
            unconfirmed = false;
            pause(backOff());
            return;
        }
        rejected = new Rejection(offer.fence(), busy.stream().limit(MOST_BUSY).toList());
        rejections++;
        if (rejections > MOST_REJECTIONS_IN_A_ROW) {
            pause(times.slow());
        } else {
            register();
        }
    }

    private void rangeUnavailable(String why) {
        switch (phase) {
            case TRYING -> {
                trouble = "the guard cannot be taken: " + why;
                findings.put("guard-unavailable", trouble);
                if (registered) {
                    beat();
                }
                pause(Math.max(times.guard(), backOff()));
            }
            case SETTLING, UNGUARDED ->
                unguarded(
                        "guard-unavailable",
                        "the gateway runs on %s, but its guard cannot be taken: %s; retried every %d ms"
                                .formatted(stand == null ? "" : stand.ports(), why, times.guard()));
            case CLEARING -> clear();
            default -> {}
        }
    }

    /** The gateway is looked after all the same; it is the range that is not the node's. */
    private void unguarded(String code, String detail) {
        phase = Phase.UNGUARDED;
        trouble = detail;
        findings.remove("unguarded");
        findings.remove("guard-unavailable");
        findings.put(code, detail);
        Lease here = stand;
        if (here != null) {
            adopt(here);
        }
        if (registered && lent != null && here != null && lent.ports().equals(here.ports())) {
            beat();
            pause(times.guard());
        } else {
            register();
        }
    }

    private void adopt(Lease here) {
        if (!adopted) {
            adopted = true;
            actions.add(new Action.Adopt(here));
        }
    }

    private void beatTaken(Event.BeatTaken taken) {
        pace(taken.pace());
        Lease lease = taken.lease();
        boolean here = stand != null && lease.ports().equals(stand.ports());
        if (lease.state() == LeaseState.REVOKED && phase != Phase.CLEARING) {
            revoked("the lease with fence " + lease.fence() + " is revoked");
            return;
        }
        assertions = 0;
        failures = 0;
        if (phase == Phase.KEEPING || phase == Phase.ASIDE) {
            trouble = null;
            phase = Phase.KEEPING;
            if (here) {
                stand = lease;
                lent = lease;
            }
            if (beatAgain) {
                beat();
            }
        } else if (phase == Phase.CLEARING && beatAgain) {
            beat();
        }
        beatAgain = false;
    }

    /** The next beat comes in its time. */
    private void beatSilent(String why) {
        agreed = false;
        beatAgain = false;
        trouble = why;
    }

    private void beatRefused(Event.No no) {
        beatAgain = false;
        if (phase == Phase.CLEARING) {
            return;
        }
        trouble = no.code() + ": " + no.detail();
        switch (no.code()) {
            case "superseded" -> standAside(no.detail());
            case "lease-revoked" -> revoked(no.detail());
            // Of a token: it is registered anew, with the join token where there is one.
            case "lease-lost", "unknown-instance", "token-missing", "token-unknown", "token-revoked" -> {
                registered = false;
                if (phase == Phase.KEEPING || phase == Phase.ASIDE) {
                    phase = Phase.KEEPING;
                    assertions++;
                    if (assertions == 1) {
                        register();
                    } else {
                        pause(backOff());
                    }
                } else if (phase == Phase.TRYING && !taking) {
                    phase = Phase.SEEKING;
                    register();
                }
            }
            default -> {}
        }
    }

    /**
     * A newer incarnation of this instance is registered. It was not started in this home: the lock on the home is ours.
     * So somebody runs the same instance from another home, and both have a range of their own. To end would leave a
     * running gateway without guard, to stop it would be the control plane's word alone, and to register with a still
     * newer incarnation would make the two chase each other for ever. So: keep guard and gateway, stay silent but for a
     * heartbeat now and then, which is taken again when the other one is gone. Without a gateway there is nothing to
     * look after, and the node ends.
     */
    private void standAside(String detail) {
        registered = false;
        everRegistered = false;
        trouble = detail;
        if (phase == Phase.UNGUARDED) {
            pause(times.guard());
        } else if (occupied && alive) {
            phase = Phase.ASIDE;
            pause(times.slow());
        } else {
            clear(Action.Ending.SUPERSEDED, detail);
        }
    }

    private void revoked(String detail) {
        trouble = detail;
        clear(Action.Ending.REVOKED, detail);
    }

    private void gatewayChanged(boolean nowAlive) {
        alive = nowAlive;
        switch (phase) {
            case KEEPING, CLEARING -> {
                if (registered) {
                    beat();
                }
            }
            case UNGUARDED -> {
                if (!alive) {
                    // It must not be started again where somebody else holds the guard.
                    clear(null, "it ended by itself on a range that is not guarded");
                } else if (registered) {
                    beat();
                }
            }
            case ASIDE -> {
                if (!alive) {
                    clear(Action.Ending.SUPERSEDED, "it ended by itself, and a newer incarnation is registered");
                }
            }
            default -> {}
        }
    }

    /** @param why the ending; null to move to another range */
    private void clear(Action.@Nullable Ending why, String sentence) {
        if (phase == Phase.CLEARING && (ending != null || why == null)) {
            return;
        }
        if (ending == null) {
            ending = why;
        }
        clearingWhy = sentence;
        phase = Phase.CLEARING;
        clear();
        if (phase == Phase.CLEARING) {
            waitForBeat();
        }
    }

    private void clear() {
        if (phase != Phase.CLEARING || asking || taking || stopping) {
            return; // every one of them is answered soon, and its answer leads here again
        }
        if (occupied) {
            stopping = true;
            actions.add(new Action.StopGateway(clearingWhy));
        } else if (ending == null) {
            actions.add(new Action.LetGo());
            guard = GuardState.MISSING;
            stand = null;
            lent = null;
            last = null;
            rejected = null;
            registered = false;
            adopted = false;
            unconfirmed = false;
            findings.clear();
            phase = Phase.SEEKING;
            register();
        } else if (everRegistered) {
            everRegistered = false;
            registered = false;
            actions.add(new Action.Deregister(portsClosed));
        } else {
            quit();
        }
    }

    private void quit() {
        phase = Phase.GONE;
        guard = GuardState.MISSING;
        actions.add(new Action.LetGo());
        actions.add(new Action.Quit(ending == null ? Action.Ending.DRAINED : ending, clearingWhy));
    }

    private void register() {
        if (asking) {
            return;
        }
        asking = true;
        Lease here = phase == Phase.SEEKING ? null : stand;
        actions.add(
                here == null
                        ? new Action.Register(footprint, layout, wish(), rejected)
                        : new Action.Register(here.footprint(), here.layout(), claim(here), null));
    }

    private Claim claim(Lease here) {
        return new Claim(here.base(), here.footprint(), here.fence(), guard, occupied ? true : null);
    }

    /** Where the instance stood in its last life; not after an offer failed, for then it wants anything but that. */
    private @Nullable Claim wish() {
        return last == null ? null : new Claim(last.base(), last.footprint(), last.fence(), GuardState.MISSING);
    }

    private void take(Lease lease) {
        taking = true;
        actions.add(new Action.Take(lease, occupied));
    }

    private void beat() {
        Lease lease = lent != null ? lent : stand;
        if (lease == null) {
            return;
        }
        if (beating) {
            beatAgain = true;
            return;
        }
        beating = true;
        beatAgain = false;
        actions.add(new Action.Beat(lease, guard));
    }

    private void pace(Registration.Pace pace) {
        beatMillis = times.paceOf(pace.beatMillis());
    }

    private void waitForBeat() {
        pause(Math.max(1, Math.round(beatMillis * (0.9 + 0.1 * random.getAsDouble()))));
    }

    private long backOff() {
        long doubled = times.first() << Math.min(failures, 20);
        failures++;
        return Math.max(1, Math.round(Math.min(times.longest(), doubled) * (0.5 + 0.5 * random.getAsDouble())));
    }

    /** What it was told to wait, and up to half of that: all who were told the same must not come back in one moment. */
    private long notBefore(Event.No no) {
        return Math.round(no.retryAfterMillis() * (1 + 0.5 * random.getAsDouble()));
    }

    private void pause(long millis) {
        actions.add(new Action.Wait(millis));
    }

    /** Whether this is an answer to what was asked: a registry may lie, or mistake one node for another. */
    private boolean fits(Lease lease) {
        Lease here = stand;
        Footprint wanted = here != null && phase != Phase.SEEKING ? here.footprint() : footprint;
        return lease.holder().equals(self)
                && lease.incarnation().equals(incarnation)
                && lease.footprint().equals(wanted);
    }

    /**
     * Whether an answer speaks of the lease that the beat spoke of. A ledger renews by the fence, so an older one or other
     * ports are no ledger's word; it must not even revoke.
     */
    private boolean answersTheBeat(Lease lease) {
        Lease said = lent != null ? lent : stand;
        return said != null && fits(lease) && lease.ports().equals(said.ports()) && lease.fence() >= said.fence();
    }

    private boolean namesAnOwner(@Nullable Lease holder) {
        return holder != null
                && stand != null
                && !holder.holder().equals(self)
                && holder.state() == LeaseState.CONFIRMED
                && holder.ports().overlaps(stand.ports());
    }

    /** For people: who holds which ports, the first few of them. */
    static String named(List<BusyPort> busy) {
        Map<String, BitSet> holders = new LinkedHashMap<>();
        for (BusyPort port : busy) {
            String who = port.command() == null && port.pid() == null
                    ? "somebody"
                    : "%s (pid %s)"
                            .formatted(
                                    port.command() == null ? "an unknown process" : port.command(),
                                    port.pid() == null ? "unknown" : port.pid());
            String how =
                    switch (port.protocol()) {
                        case UDP -> "guarded by " + who;
                        case TCP -> "held by " + who;
                        case NEIGHBOUR -> "in reach of " + who + ", which may be a gateway";
                    };
            holders.computeIfAbsent(how, first -> new BitSet()).set(port.port());
        }
        String named = holders.entrySet().stream()
                .limit(MOST_NAMED)
                .map(holder -> PortSet.of(holder.getValue()) + " " + holder.getKey())
                .collect(Collectors.joining(", "));
        return holders.size() > MOST_NAMED ? named + ", …" : named;
    }
}
