package io.gatefleet.contract.instance;

import io.gatefleet.contract.host.HostId;

/** An instance of the fleet: names are unique on their host only. Written {@code host/instance}. */
public record InstanceKey(HostId host, InstanceId instance) implements Comparable<InstanceKey> {
    @Override
    public int compareTo(InstanceKey other) {
        int byHost = host.compareTo(other.host);
        return byHost != 0 ? byHost : instance.compareTo(other.instance);
    }

    @Override
    public String toString() {
        return host + "/" + instance;
    }
}
