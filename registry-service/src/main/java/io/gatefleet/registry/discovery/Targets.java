package io.gatefleet.registry.discovery;

import io.gatefleet.contract.instance.InstanceView;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.port.Layouts;
import io.gatefleet.contract.port.PortLayout;
import io.gatefleet.contract.service.ServicePresence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes targets for Prometheus of what the registry knows: services, nodes, and gateways that say they have meters. */
public final class Targets {
    /** The label of an instance whose gateway serves meters on its base port: the path there. */
    public static final String METRICS_PATH = "metrics-path";

    private static final String DEFAULT_ADDRESS = "127.0.0.1";
    private static final String META = "__meta_gatefleet_";

    private Targets() {}

    /** Of a service. */
    public static TargetGroup of(ServicePresence service) {
        return new TargetGroup(
                List.of(hostAndPort(service.address(), service.port())),
                Map.of(
                        META + "kind",
                        "service",
                        META + "service",
                        service.service(),
                        "__scheme__",
                        service.tls() ? "https" : "http"));
    }

    /** Of an instance: its node's and its gateway's, as far as they serve meters. None while it has no lease. */
    public static List<TargetGroup> of(InstanceView instance) {
        Lease lease = instance.lease();
        List<TargetGroup> groups = new ArrayList<>();
        if (lease != null) {
            String address = Optional.ofNullable(instance.address()).orElse(DEFAULT_ADDRESS);
            Layouts.known()
                    .port(instance.flavor(), instance.layout(), PortLayout.MANAGEMENT, lease.base())
                    .ifPresent(port -> groups.add(
                            new TargetGroup(List.of(hostAndPort(address, port)), labels(instance, "node", null))));
            String path = instance.labels().get(METRICS_PATH);
            if (path != null && path.startsWith("/")) {
                groups.add(new TargetGroup(
                        List.of(hostAndPort(address, lease.base())), labels(instance, "gateway", path)));
            }
        }
        return groups;
    }

    private static Map<String, String> labels(InstanceView instance, String kind, @Nullable String path) {
        Map<String, String> labels = new TreeMap<>();
        labels.put(META + "kind", kind);
        labels.put(META + "host", instance.key().host().value());
        labels.put(META + "instance", instance.key().instance().value());
        labels.put(META + "flavor", instance.flavor().toString());
        if (path != null) {
            labels.put("__metrics_path__", path);
        }
        return labels;
    }

    private static String hostAndPort(String address, int port) {
        return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port;
    }
}
