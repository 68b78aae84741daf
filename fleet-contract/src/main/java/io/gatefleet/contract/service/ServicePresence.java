package io.gatefleet.contract.service;

import io.gatefleet.contract.BadInput;
import java.util.regex.Pattern;

/**
 * A service's word that it is there, and where it answers.
 *
 * @param member the member that runs it
 * @param service {@code port-allocator}, {@code registry-service} or {@code health-aggregator}
 * @param address where others reach it: an IP address or a host name
 * @param port of its HTTP side, 1 to 65535
 * @param tls whether it speaks TLS there
 */
public record ServicePresence(String member, String service, String address, int port, boolean tls) {
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9:._-]{1,253}");

    public ServicePresence {
        if (!ADDRESS.matcher(address).matches()) {
            throw new BadInput("address", address, "an IP address or a host name");
        }
        if (port < 1 || port > 65_535) {
            throw new BadInput("port", port, "1 to 65535");
        }
    }
}
