package io.gatefleet.contract.instance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gatefleet.contract.BadInput;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a node knows of its gateway: two of the three signals, the process and the probe. (The third is the heartbeat
 * that carries this.) Holds no secrets and no command lines. Names are
 * shortened to 120 characters and sentences to 500.
 *
 * @param state of the process
 * @param pid of the gateway, not of a launcher before it
 * @param version as the gateway says it
 * @param bootId the gateway's own name for this life of it, where its version has one
 * @param restarts how often the node started it again in this incarnation
 * @param exitCode of the last life; null while there was none, and for adopted gateways, whose code nobody can read
 * @param stateForMillis how long it has been in this state
 * @param probe the last probe's answer; null before the first
 * @param findings trouble seen from outside, for example a stranger inside the lease; at most 16
 * @param residentBytes memory of the gateway's whole process tree; null while unknown
 * @param restartsInProcess how often it began anew in the same process in this life of it, which is no crash; null where
 *     nobody can tell, because it has no name for its lives
 * @param desired what operators want of the instance; null: the node does not say, as in the first version
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GatewayReport(
        GatewayState state,
        @Nullable Integer pid,
        @Nullable String version,
        @Nullable String bootId,
        int restarts,
        @Nullable Integer exitCode,
        long stateForMillis,
        @Nullable Probe probe,
        List<Finding> findings,
        @Nullable Long residentBytes,
        @Nullable Integer restartsInProcess,
        @Nullable DesiredState desired) {
    public static final int MOST_FINDINGS = 16;

    private static final int LONGEST_NAME = 120;
    private static final int LONGEST_SENTENCE = 500;

    public GatewayReport {
        if (restarts < 0) {
            throw new BadInput("restarts", restarts, "0 or more");
        }
        if (stateForMillis < 0) {
            throw new BadInput("stateForMillis", stateForMillis, "0 or more");
        }
        // Shortened and not refused: a gateway that says strange things must not silence its node.
        version = shortened(version, LONGEST_NAME);
        bootId = shortened(bootId, LONGEST_NAME);
        if (findings.size() > MOST_FINDINGS) {
            throw new BadInput("gateway.findings", findings.size() + " entries", "at most " + MOST_FINDINGS);
        }
        findings = List.copyOf(findings);
    }

    /** As a node says it that does not know of restarts inside the process. */
    public GatewayReport(
            GatewayState state,
            @Nullable Integer pid,
            @Nullable String version,
            @Nullable String bootId,
            int restarts,
            @Nullable Integer exitCode,
            long stateForMillis,
            @Nullable Probe probe,
            List<Finding> findings,
            @Nullable Long residentBytes) {
        this(state, pid, version, bootId, restarts, exitCode, stateForMillis, probe, findings, residentBytes, null);
    }

    /** As a gateway's keeper says it, who does not know what is wanted. */
    public GatewayReport(
            GatewayState state,
            @Nullable Integer pid,
            @Nullable String version,
            @Nullable String bootId,
            int restarts,
            @Nullable Integer exitCode,
            long stateForMillis,
            @Nullable Probe probe,
            List<Finding> findings,
            @Nullable Long residentBytes,
            @Nullable Integer restartsInProcess) {
        this(
                state,
                pid,
                version,
                bootId,
                restarts,
                exitCode,
                stateForMillis,
                probe,
                findings,
                residentBytes,
                restartsInProcess,
                null);
    }

    /** The same in another state, and with what is wanted. */
    public GatewayReport as(GatewayState other, @Nullable DesiredState wanted) {
        return new GatewayReport(
                other,
                pid,
                version,
                bootId,
                restarts,
                exitCode,
                stateForMillis,
                probe,
                findings,
                residentBytes,
                restartsInProcess,
                wanted);
    }

    /**
     * Whether both say the same, but for what is different in every heartbeat and is no news: ages, times, sizes, and the
     * probe's own words. Asked of every heartbeat by everybody who hears it.
     */
    public boolean saysTheSame(GatewayReport other) {
        return state == other.state
                && restarts == other.restarts
                && Objects.equals(pid, other.pid)
                && Objects.equals(version, other.version)
                && Objects.equals(bootId, other.bootId)
                && Objects.equals(exitCode, other.exitCode)
                && Objects.equals(restartsInProcess, other.restartsInProcess)
                && Objects.equals(desired, other.desired)
                && findings.equals(other.findings)
                && (probe == null ? other.probe == null : other.probe != null && probe.saysTheSame(other.probe));
    }

    /** A gateway that does not run and never did in this incarnation. */
    public static GatewayReport none(GatewayState state) {
        return new GatewayReport(state, null, null, null, 0, null, 0, null, List.of(), null);
    }

    /**
     * What the gateway answered when its node asked.
     *
     * @param live it answers, and what answers is the process that the node started
     * @param ready it takes work
     * @param failing the parts that the gateway itself names as failing, at most 16 of 120 characters
     * @param detail one sentence for a person; never a token
     * @param tookMillis the answer's time
     * @param badInARow answers without life until now, this one included; the node believes {@code live} until the second.
     *     Null: the node does not say, as in the first version
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Probe(
            boolean live,
            boolean ready,
            List<String> failing,
            @Nullable String detail,
            long tookMillis,
            @Nullable Integer badInARow) {
        public Probe {
            if (badInARow != null && badInARow < 0) {
                throw new BadInput("probe.badInARow", badInARow, "0 or more");
            }
            detail = shortened(detail, LONGEST_SENTENCE);
            failing = failing.stream()
                    .limit(16)
                    .map(part -> part.length() <= 120 ? part : part.substring(0, 120))
                    .toList();
        }

        private boolean saysTheSame(Probe other) {
            return live == other.live && ready == other.ready && failing.equals(other.failing);
        }

        /** As a node says it that does not count. */
        public Probe(boolean live, boolean ready, List<String> failing, @Nullable String detail, long tookMillis) {
            this(live, ready, failing, detail, tookMillis, null);
        }
    }

    /**
     * Trouble that the node sees.
     *
     * @param code stable, kebab-case: {@code stranger-in-lease}, {@code port-outside-lease}, {@code wrong-gateway},
     *     {@code token-refused}, {@code guard-unavailable}, {@code unguarded}, {@code claim-conflict}, {@code lease-mismatch},
     *     {@code start-failed}, {@code config-refused}, {@code gateway-exited}, {@code crash-loop},
     *     {@code orphaned-browser}, {@code unended-process}
     * @param detail one sentence that names ports, pids and what to do
     */
    public record Finding(String code, String detail) {
        public Finding {
            code = Objects.requireNonNull(shortened(code, LONGEST_NAME));
            detail = Objects.requireNonNull(shortened(detail, LONGEST_SENTENCE));
        }
    }

    private static @Nullable String shortened(@Nullable String text, int longest) {
        return text == null || text.length() <= longest ? text : text.substring(0, longest);
    }
}
