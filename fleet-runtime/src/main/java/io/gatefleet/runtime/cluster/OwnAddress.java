package io.gatefleet.runtime.cluster;

import io.gatefleet.contract.BadInput;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** This machine's address in a network: a container has several, and learns them when it starts. */
final class OwnAddress {
    private static final Pattern NETWORK = Pattern.compile("([0-9A-Fa-f:.]{2,45})/(\\d{1,3})");

    private OwnAddress() {}

    /**
     * @param option who asks
     * @param network as {@code 10.1.2.0/24}
     * @throws BadInput unless this machine has exactly one address there
     */
    static InetAddress in(String option, String network) throws UnknownHostException {
        Matcher parts = NETWORK.matcher(network);
        if (!parts.matches()) {
            throw new BadInput(option, network, "an address, or a network as 10.1.2.0/24");
        }
        InetAddress base = InetAddress.getByName(parts.group(1));
        int bits = Integer.parseInt(parts.group(2));
        int width = base.getAddress().length * 8;
        if (bits > width) {
            throw new BadInput(option, network, "a network of at most /" + width);
        }
        List<InetAddress> own = own();
        List<InetAddress> there =
                own.stream().filter(address -> within(address, base, bits)).toList();
        if (there.size() != 1) {
            throw new BadInput(
                    option,
                    network,
                    "a network in which this machine has one address; it has "
                            + own.stream().map(InetAddress::getHostAddress).toList());
        }
        return there.get(0);
    }

    private static boolean within(InetAddress address, InetAddress base, int bits) {
        byte[] left = address.getAddress();
        byte[] right = base.getAddress();
        int rest = right.length * 8 - bits;
        return left.length == right.length
                && new BigInteger(1, left).shiftRight(rest).equals(new BigInteger(1, right).shiftRight(rest));
    }

    private static List<InetAddress> own() {
        try {
            List<InetAddress> own = new ArrayList<>();
            for (NetworkInterface one : NetworkInterface.networkInterfaces().toList()) {
                one.getInterfaceAddresses().stream()
                        .map(InterfaceAddress::getAddress)
                        .forEach(own::add);
            }
            return own;
        } catch (SocketException cause) {
            throw new UncheckedIOException("cannot list this machine's addresses", cause);
        }
    }
}
