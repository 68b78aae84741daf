package io.gatefleet.contract.lease;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dry run: the body of {@code POST /v1/hosts/{host}/plan}. Either a footprint, or what a layout needs.
 *
 * @param instance its sticky base is respected; null: a new instance
 * @param flavor default openclaw
 * @param version default the newest known
 * @param shape default wide
 * @param profiles browser profiles of a dense layout, 0 to 100, default 2
 * @param extras channel plugins with a fixed port
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlanLease(
        @Nullable InstanceId instance,
        @Nullable Footprint footprint,
        @Nullable Flavor flavor,
        @Nullable String version,
        PortLayout.@Nullable Shape shape,
        @Nullable Integer profiles,
        @Nullable List<String> extras) {}
