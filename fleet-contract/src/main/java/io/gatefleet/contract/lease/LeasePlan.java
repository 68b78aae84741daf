package io.gatefleet.contract.lease;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.port.Footprint;
import org.jspecify.annotations.Nullable;

/**
 * What would be granted now, by what the ledger and the host's last facts say. Nothing was lent.
 *
 * @param base what would be granted; null with a refusal
 * @param refusal why nothing would be
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LeasePlan(
        HostId host,
        String layout,
        Footprint footprint,
        @Nullable Integer base,
        @Nullable Refusal refusal,
        String sentence) {}
