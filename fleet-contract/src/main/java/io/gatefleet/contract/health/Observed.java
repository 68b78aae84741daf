package io.gatefleet.contract.health;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.gatefleet.contract.health.FleetHealthView.Observer;

/**
 * One thing of the picture, and beside its own fields how well the one who answers sees. Written, not read: readers take the
 * thing and pass over the rest.
 */
public record Observed<T>(@JsonUnwrapped T item, Observer observer) {}
