package io.gatefleet.contract.host;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A host as the port-allocator shows it.
 *
 * @param pool the ports that can be lent
 * @param portSpace what the id stands for; null until a node spoke
 * @param leases how many are live
 * @param lent ports lent now
 * @param resting ports at rest now
 * @param warnings trouble with the host's settings, each a sentence that says what to do
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HostView(
        HostId host,
        PortSet pool,
        @Nullable PortSpace portSpace,
        @Nullable PortRange ephemeral,
        int leases,
        int lent,
        int resting,
        List<String> warnings) {}
