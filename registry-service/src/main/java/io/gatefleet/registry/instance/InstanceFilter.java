package io.gatefleet.registry.instance;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.InstanceView;
import io.gatefleet.contract.instance.LabelSelector;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which instances are wanted. A null part asks for nothing.
 *
 * @param state of the gateway, as its node last said
 */
public record InstanceFilter(
        @Nullable HostId host,
        @Nullable Flavor flavor,
        @Nullable GatewayState state,
        LabelSelector labels) implements Predicate<InstanceView> {
    public static final InstanceFilter ALL = new InstanceFilter(null, null, null, LabelSelector.ALL);

    /** All instances of a host. */
    public static InstanceFilter of(HostId host) {
        return new InstanceFilter(host, null, null, LabelSelector.ALL);
    }

    @Override
    public boolean test(InstanceView instance) {
        return (host == null || host.equals(instance.key().host()))
                && (flavor == null || flavor == instance.flavor())
                && (state == null || state == instance.report().state())
                && labels.test(instance.labels());
    }
}
