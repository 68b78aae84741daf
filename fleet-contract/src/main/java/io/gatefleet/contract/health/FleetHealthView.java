package io.gatefleet.contract.health;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fleet at a glance.
 *
 * @param sentence for a person: how the fleet is
 * @param counts instances by verdict
 * @param problems one per cause, what to do first first
 * @param selfPreservation whether verdicts by silence are held back, and why
 * @param observer how well the one who answers sees
 */
public record FleetHealthView(
        String sentence,
        int instances,
        int hosts,
        Map<Verdict.State, Integer> counts,
        List<ProblemReport> problems,
        SelfPreservation selfPreservation,
        Observer observer) {
    /**
     * One cause.
     *
     * @param code stable, kebab-case, the verdict's reason
     * @param sentence what is
     * @param next what to do
     * @param affected who suffers, at most 100
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ProblemReport(
            Severity severity,
            String code,
            @Nullable HostId host,
            String sentence,
            String next,
            List<InstanceKey> affected,
            int affectedCount,
            long sinceMillisAgo)
            implements FleetItem {}

    /** How much a problem matters. */
    public enum Severity {
        @JsonProperty("critical")
        CRITICAL,
        @JsonProperty("warning")
        WARNING,
        @JsonProperty("info")
        INFO
    }

    /** Held back while too many fall silent at once: then the observer is more likely at fault. */
    public record SelfPreservation(boolean on, String why) {}

    /**
     * The observer's own health.
     *
     * @param startedMillisAgo since when it looks
     * @param pictureAgeMillis age of the youngest word it heard; of its own start before the first
     * @param eventLoopLagMillis how late its own timer was at the last tick
     * @param members of the cluster; 1 when embedded
     * @param clusterSafe whether a majority is there and copies of the shared state are complete
     * @param trouble why not
     * @param clockJumps how often somebody set its calendar clock since it started
     * @param clockJumpedMillisAgo when for the last time; null: never
     * @param learning why the picture may not be whole yet; null: it is as whole as it gets
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Observer(
            long startedMillisAgo,
            long pictureAgeMillis,
            long eventLoopLagMillis,
            int members,
            @Nullable Boolean clusterSafe,
            @Nullable String trouble,
            @Nullable Integer clockJumps,
            @Nullable Long clockJumpedMillisAgo,
            @Nullable String learning) {
        /** As an observer says it that stands alone and has always been well. */
        public Observer(long startedMillisAgo, long pictureAgeMillis, long eventLoopLagMillis, int members) {
            this(startedMillisAgo, pictureAgeMillis, eventLoopLagMillis, members, true, null, 0, null, null);
        }
    }
}
