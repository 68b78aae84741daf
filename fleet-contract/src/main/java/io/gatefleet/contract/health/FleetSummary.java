package io.gatefleet.contract.health;

import io.gatefleet.contract.health.FleetHealthView.SelfPreservation;
import java.util.Map;

/**
 * The fleet in a few words; see {@link FleetHealthView} for the parts.
 *
 * @param instances how many are in the picture
 * @param hosts how many have instances
 */
public record FleetSummary(
        String sentence,
        int instances,
        int hosts,
        Map<Verdict.State, Integer> counts,
        SelfPreservation selfPreservation)
        implements FleetItem {}
