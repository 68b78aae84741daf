package io.gatefleet.health.verdict;

import io.gatefleet.contract.health.FleetHealthView.ProblemReport;
import io.gatefleet.contract.health.FleetSummary;
import io.gatefleet.contract.health.HostHealth;
import java.util.List;
import java.util.Map;

/**
 * What all instances and hosts of a moment add up to.
 *
 * @param summary the fleet in numbers and one sentence
 * @param problems one per cause, what to do first first
 * @param hosts by state; a state that none has is not there
 * @param reasons instances by the code of the reason for their verdict; a reason that nobody has is 0
 */
public record Glance(
        FleetSummary summary,
        List<ProblemReport> problems,
        Map<HostHealth.State, Integer> hosts,
        Map<String, Integer> reasons) {}
