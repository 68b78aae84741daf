package io.gatefleet.health.verdict;

import io.gatefleet.contract.health.Verdict;
import io.gatefleet.contract.instance.InstanceKey;

/** A verdict that changed. */
public record Transition(InstanceKey instance, Verdict.State from, Verdict.State to, String reason) {}
