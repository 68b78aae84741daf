package io.gatefleet.faults;

import java.util.List;

/**
 * Where a process stands: in which network namespace, and on which address there.
 *
 * @param address IPv4, where it listens
 * @param prefix a command that ends by becoming what follows, for example {@code ip netns exec NAME}; may be empty
 */
public record Place(String address, List<String> prefix) {
    /** On loopback, in the network namespace of this process. */
    public static final Place HERE = new Place("127.0.0.1", List.of());

    public Place {
        prefix = List.copyOf(prefix);
        if (!address.matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
            throw new IllegalArgumentException("address: " + address + " (expected: IPv4, for example 10.77.0.1)");
        }
    }

    /** In a namespace that {@code ip netns add} made. */
    public static Place inNamespace(String name, String address) {
        return new Place(address, List.of("ip", "netns", "exec", name));
    }
}
