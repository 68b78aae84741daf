package io.gatefleet.runtime.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Which addresses only this machine can reach. */
public final class Loopback {
    private static final Pattern V4 = Pattern.compile("127(?:\\.\\d{1,3}){3}");

    private Loopback() {}

    /** Whether whoever listens there is heard on this machine only. Resolves names, so it may block. */
    public static boolean isAddress(String host) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress()) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    /** Whether a client that asked for this name means this machine, whatever a name server says. Never resolves. */
    public static boolean isName(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.equals("::1")
                || name.equals("[::1]")
                || V4.matcher(name).matches();
    }
}
