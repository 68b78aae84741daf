package io.gatefleet.registry.instance;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.InstanceView;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which instances are wanted. A null part asks for nothing.
 *
 * @param state of the gateway, as its node last said
 * @param labels every one of them must be there with this value
 */
public record InstanceFilter(
        @Nullable HostId host,
        @Nullable Flavor flavor,
        @Nullable GatewayState state,
        Map<String, String> labels) implements Predicate<InstanceView> {
    public static final InstanceFilter ALL = new InstanceFilter(null, null, null, Map.of());

    public InstanceFilter {
        labels = Map.copyOf(labels);
    }

    @Override
    public boolean test(InstanceView instance) {
        return (host == null || host.equals(instance.key().host()))
                && (flavor == null || flavor == instance.flavor())
                && (state == null || state == instance.report().state())
                && instance.labels().entrySet().containsAll(labels.entrySet());
    }
}
