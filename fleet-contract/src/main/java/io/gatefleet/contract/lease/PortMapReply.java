package io.gatefleet.contract.lease;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A host's whole port space, as one allocator sees it.
 *
 * @param ports null for a host of which no node has spoken and that has no reservations
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PortMapReply(@Nullable PortMapView ports) {}
