package io.gatefleet.health.verdict;

import io.gatefleet.contract.health.FleetHealthView;

/**
 * Doubts the observer when too many fall silent at once. What counts as one: a host of which every node is silent, or a
 * silent node of a host that speaks. Only silence that was not believed before counts, so hosts that end one by one over
 * a week never add up to a reason for doubt.
 */
final class SelfPreservation {
    private final VerdictRules.Doubt rules;
    private boolean on;
    private long since;
    private String why = "Nobody fell silent just now.";

    SelfPreservation(VerdictRules.Doubt rules) {
        this.rules = rules;
    }

    /**
     * @param silentHosts of {@code hosts}, newly and altogether
     * @param silentNodes of {@code nodes}, newly; both of hosts that speak
     * @return whether verdicts by silence are to be held back
     */
    boolean look(int silentHosts, int hosts, int silentNodes, int nodes, long now) {
        int believedHosts = rules.believed(hosts);
        int believedNodes = rules.believed(nodes);
        boolean tooMany = silentHosts > believedHosts || silentNodes > believedNodes;
        if (tooMany && !on) {
            since = now;
        }
        boolean tooLong = tooMany && on && now - since > rules.longest().toNanos();
        on = tooMany && !tooLong;
        String count = "%d of %d hosts and %d of %d nodes on speaking hosts fell silent"
                .formatted(silentHosts, hosts, silentNodes, nodes);
        if (on) {
            why =
                    ("%s at once; more than %d or %d are not believed, because then it is more likely this observer that is "
                                    + "cut off. Verdicts by silence wait for at most %s.")
                            .formatted(
                                    count,
                                    believedHosts,
                                    believedNodes,
                                    Spoken.millis(rules.longest().toMillis()));
        } else if (tooLong) {
            why = "%s, and stayed so for %s: believed now."
                    .formatted(count, Spoken.millis(rules.longest().toMillis()));
        } else if (silentHosts + silentNodes > 0) {
            why = "%s at once, no more than %d and %d: believed.".formatted(count, believedHosts, believedNodes);
        } else {
            why = "Nobody fell silent just now.";
        }
        return on;
    }

    FleetHealthView.SelfPreservation view() {
        return new FleetHealthView.SelfPreservation(on, why);
    }
}
