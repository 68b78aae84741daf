package io.gatefleet.doctor.census;

import io.gatefleet.contract.host.HostFacts;
import java.util.Map;
import java.util.Set;

/**
 * The machine as its kernel shows it.
 *
 * @param facts listeners, guards, and the kernel's port settings
 * @param container whether a gateway here would take itself to be in a container
 * @param user who looks
 * @param homes user to home directory, as the accounts have it
 * @param mdns processes that hold UDP 5353
 */
public record Host(HostFacts facts, boolean container, String user, Map<String, String> homes, Set<Integer> mdns) {
    public Host {
        homes = Map.copyOf(homes);
        mdns = Set.copyOf(mdns);
    }
}
