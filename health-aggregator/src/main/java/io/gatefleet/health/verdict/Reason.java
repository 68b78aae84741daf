package io.gatefleet.health.verdict;

import io.gatefleet.contract.health.FleetHealthView.Severity;
import io.gatefleet.contract.health.Verdict;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why an instance is judged as it is. In the order in which a person should deal with them; the names, in kebab-case, are
 * stable on the wire: added to, never renamed.
 */
enum Reason {
    HOST_SILENT(
            Verdict.State.UNREACHABLE,
            Severity.CRITICAL,
            "is silent: no node of it speaks",
            "See whether the host is up and can reach the registry. Its gateways may well be alive: no node stops one "
                    + "because the control plane is silent."),
    WRONG_GATEWAY(
            Verdict.State.DOWN,
            Severity.CRITICAL,
            "somebody else answers on the gateway's port",
            "Run `gatefleet explain HOST PORT` for the base port: it names who stands there. Stop that process."),
    STRANGER_IN_LEASE(
            Verdict.State.DEGRADED,
            Severity.CRITICAL,
            "a stranger listens inside the lease",
            "Stop the process that the sentence names, at once if it is a browser: the gateway would attach to it and "
                    + "read its tabs."),
    NODE_SILENT(
            Verdict.State.UNREACHABLE,
            Severity.CRITICAL,
            "the node is silent, and not its whole host",
            "Look for the node's process and its log on that host. Its gateway may live on; a node that starts again "
                    + "adopts it."),
    CONFIG_REFUSED(
            Verdict.State.DOWN,
            Severity.CRITICAL,
            "the gateway's configuration is refused",
            "Read the end of the gateway's log: a key of its configuration is refused, or its state is locked by "
                    + "another gateway. Mend that and start the node again; it is not tried again before."),
    CRASH_LOOP(
            Verdict.State.DOWN,
            Severity.CRITICAL,
            "the gateway ends again and again",
            "Read the end of the gateway's log. The pause between tries grows, because after three unclean starts in "
                    + "five minutes OpenClaw starts without its channels."),
    PROCESS_EXITED(
            Verdict.State.DOWN,
            Severity.CRITICAL,
            "the gateway ended and is not started again",
            "Read the end of the gateway's log, then start the node again."),
    START_FAILED(
            Verdict.State.DOWN,
            Severity.CRITICAL,
            "the gateway cannot be started",
            "Mend what the sentence names; the node tries again on its own."),
    GUARD_UNAVAILABLE(
            Verdict.State.DOWN,
            Severity.CRITICAL,
            "the node cannot take its guard",
            "That is the node's own trouble, not a busy port: look for its limit of open files (`ulimit -n`) and for "
                    + "what the sentence names."),
    PROBE_FAILING(
            Verdict.State.DOWN,
            Severity.CRITICAL,
            "the gateway's process lives and does not answer",
            "Read the gateway's log; if it hangs, restart it. Its node does not kill what may be working."),
    CLAIM_CONFLICT(
            Verdict.State.DEGRADED,
            Severity.CRITICAL,
            "two instances stand on the same ports",
            "Both keep running. Either one host id stands for two port spaces (give one of them another id), or a node "
                    + "lies about its host."),
    UNGUARDED(
            Verdict.State.DEGRADED,
            Severity.WARNING,
            "the gateway runs without a guard",
            "Somebody else holds a port of its range: the sentence names who. Stop that process; the node takes the "
                    + "guard as soon as it can."),
    PORT_OUTSIDE_LEASE(
            Verdict.State.DEGRADED,
            Severity.WARNING,
            "the gateway listens outside its lease",
            "Pin that port in the gateway's configuration, or remove what opened it: outside the lease it can meet "
                    + "another gateway."),
    BACKING_OFF(
            Verdict.State.DOWN,
            Severity.WARNING,
            "the gateway ended and is about to be started again",
            "Wait for the next try; if it ends again, read the end of the gateway's log."),
    LEASE_REVOKED(
            Verdict.State.DEGRADED,
            Severity.WARNING,
            "an operator took the lease back",
            "Stop the instance: its ports are lent to others when it is gone."),
    FLAPPING(
            Verdict.State.DEGRADED,
            Severity.WARNING,
            "the gateway comes and goes",
            "Look at its log and at the host's memory and load around the changes."),
    NOT_READY(
            Verdict.State.DEGRADED,
            Severity.WARNING,
            "the gateway says that it is not ready",
            "Look at the parts that it names as failing: `gatefleet exec INSTANCE -- status` asks the gateway itself."),
    SLOW_START(
            Verdict.State.DEGRADED,
            Severity.WARNING,
            "the gateway takes long to start",
            "Read the gateway's log; a first start compiles for up to 40 s, more is not usual."),
    UNENDED_PROCESS(
            Verdict.State.DEGRADED,
            Severity.WARNING,
            "a process of the instance cannot be ended",
            "End the named process by hand: it may hold ports of the lease."),
    LEASE_MISMATCH(
            Verdict.State.DEGRADED,
            Severity.WARNING,
            "the control plane lent other ports than the gateway stands on",
            "Run `gatefleet explain HOST PORT` for the base port to see who has it. The node goes on asking; restart the "
                    + "instance to move it."),
    FINDING(
            Verdict.State.DEGRADED,
            Severity.WARNING,
            "the node found trouble",
            "The sentence says what; this version knows no more about it."),
    SILENCE_HELD(
            Verdict.State.UNKNOWN,
            Severity.CRITICAL,
            "too many fell silent at once to be believed",
            "See whether this aggregator and the registry can be reached by the nodes; only then look at the hosts."),
    ORPHANED_BROWSER(
            Verdict.State.READY,
            Severity.INFO,
            "a browser outlived its gateway",
            "Nothing, if its node says that it was ended; else end the named process, which holds a CDP port."),
    NODE_SUSPECT(
            Verdict.State.UNKNOWN,
            Severity.INFO,
            "the node missed some heartbeats",
            "Nothing yet: it may be back in a moment."),
    CORDONED(
            Verdict.State.READY,
            Severity.INFO,
            "cordoned: a gateway that ends is not started again",
            "Nothing while that is wanted; `gatefleet uncordon INSTANCE` takes it back."),
    NOT_PROBED(Verdict.State.UNKNOWN, null, "the gateway was not asked yet", ""),
    DRAINING(Verdict.State.DRAINING, null, "the gateway finishes its work", ""),
    IN_MAINTENANCE(Verdict.State.MAINTENANCE, null, "in maintenance: expected to be down", ""),
    DRAINED(Verdict.State.MAINTENANCE, null, "drained and stopped, and meant to be", ""),
    STOPPED(Verdict.State.MAINTENANCE, null, "stopped, and meant to be", ""),
    STARTING(Verdict.State.STARTING, null, "starting", ""),
    READY(Verdict.State.READY, null, "ready", "");

    private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');
    private final Verdict.State state;
    private final @Nullable Severity severity;
    private final String title;
    private final String next;

    Reason(Verdict.State state, @Nullable Severity severity, String title, String next) {
        this.state = state;
        this.severity = severity;
        this.title = title;
        this.next = next;
    }

    /** The reason with that code; {@link #FINDING} for codes that this version does not know. */
    static Reason of(String code) {
        return Arrays.stream(values())
                .filter(reason -> reason.code.equals(code))
                .findFirst()
                .orElse(FINDING);
    }

    Verdict.State state() {
        return state;
    }

    /** How much it matters; empty when it is no problem. */
    Optional<Severity> severity() {
        return Optional.ofNullable(severity);
    }

    /** What is, in a few words. */
    String title() {
        return title;
    }

    /** What to do. */
    String next() {
        return next;
    }

    String code() {
        return code;
    }
}
