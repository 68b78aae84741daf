package io.gatefleet.contract.health;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gatefleet.contract.health.FleetHealthView.Observer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list, and how well the one who answers sees; see {@link io.gatefleet.contract.Page} for the other parts.
 *
 * @param observer how old the picture is, among others
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ObservedPage<T>(List<T> items, @Nullable String nextPageToken, String revision, Observer observer) {}
