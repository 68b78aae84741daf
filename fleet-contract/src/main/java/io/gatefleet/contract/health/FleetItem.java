package io.gatefleet.contract.health;

/** What the picture of the fleet is made of, and what its watchers are told one by one. */
public sealed interface FleetItem permits InstanceHealth, HostHealth, FleetHealthView.ProblemReport, FleetSummary {}
