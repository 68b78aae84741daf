package io.gatefleet.node.port;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.StringTokenizer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what Linux writes under {@code /proc}: text in, values out. Pure. */
public final class KernelTables {
    private static final Pattern LINK = Pattern.compile("(?:socket|net):\\[(\\d+)]");
    private static final String LISTEN = "0A";

    private KernelTables() {}

    /** The listening sockets of {@code /proc/net/tcp} or {@code tcp6}. */
    static List<KernelSocket> listeners(String table, ByteOrder order) {
        return sockets(table, order, LISTEN::equals);
    }

    /** All sockets of {@code /proc/net/tcp}, {@code tcp6}, {@code udp} or {@code udp6}, in whatever state. */
    public static List<KernelSocket> sockets(String table, ByteOrder order) {
        return sockets(table, order, state -> true);
    }

    private static List<KernelSocket> sockets(String table, ByteOrder order, Predicate<String> wanted) {
        List<KernelSocket> sockets = new ArrayList<>();
        table.lines().skip(1).forEach(line -> {
            // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode …
            StringTokenizer words = new StringTokenizer(line);
            if (words.countTokens() < 10) {
                throw new BadInput("/proc/net", line, "a socket: sl local_address rem_address st …");
            }
            skip(words, 1);
            String local = words.nextToken();
            skip(words, 1);
            String state = words.nextToken();
            skip(words, 5);
            if (wanted.test(state)) {
                sockets.add(socket(local, words.nextToken(), order));
            }
        });
        return sockets;
    }

    private static void skip(StringTokenizer words, int count) {
        for (int skipped = 0; skipped < count; skipped++) {
            words.nextToken();
        }
    }

    private static KernelSocket socket(String local, String inode, ByteOrder order) {
        int colon = local.indexOf(':');
        try {
            return new KernelSocket(
                    address(local.substring(0, Math.max(colon, 0)), order),
                    Integer.parseInt(local.substring(colon + 1), 16),
                    Long.parseLong(inode));
        } catch (IllegalArgumentException wrong) {
            BadInput named =
                    new BadInput("/proc/net", local + " " + inode, "ADDRESS:PORT in hexadecimal, and an inode");
            named.initCause(wrong);
            throw named;
        }
    }

    /**
     * An address of the kernel's tables: 8 or 32 hexadecimal digits, in words of 32 bits, each printed as a number. On a
     * little-endian machine 127.0.0.1 is {@code 0100007F}. An IPv4 address inside IPv6 comes out as the IPv4 address.
     */
    static InetAddress address(String hex, ByteOrder order) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        ByteBuffer words = ByteBuffer.wrap(bytes);
        ByteBuffer network = ByteBuffer.allocate(bytes.length).order(order);
        while (words.remaining() >= Integer.BYTES) {
            network.putInt(words.getInt());
        }
        try {
            return InetAddress.getByAddress(network.array());
        } catch (UnknownHostException wrongLength) {
            throw new IllegalArgumentException("an address of 8 or 32 digits", wrongLength);
        }
    }

    /** {@code net.ipv4.ip_local_port_range}: two ports. */
    static PortRange ephemeral(String text) {
        String[] bounds = text.strip().split("\\s+", -1);
        try {
            if (bounds.length == 2) {
                return new PortRange(Integer.parseInt(bounds[0]), Integer.parseInt(bounds[1]));
            }
        } catch (NumberFormatException wrong) {
            // Told below.
        }
        throw new BadInput("ip_local_port_range", text.strip(), "two ports, for example 32768 60999");
    }

    /** {@code net.ipv4.ip_local_reserved_ports}: ports and ranges, or nothing. */
    static PortSet reserved(String text) {
        return PortSet.parse(text.strip());
    }

    /** The inode in the text of a link such as {@code socket:[643]} or {@code net:[4026531833]}; empty for other links. */
    public static OptionalLong inode(String link) {
        Matcher match = LINK.matcher(link);
        return match.matches() ? OptionalLong.of(Long.parseLong(match.group(1))) : OptionalLong.empty();
    }

    /** One line of {@code /proc/PID/stat}. */
    public static ProcessStat stat(String text) {
        // The name in parentheses is the process' own choice: blanks and parentheses included. What follows the last
        // parenthesis is the kernel's.
        int name = text.lastIndexOf(')');
        List<String> words = new ArrayList<>();
        new StringTokenizer(text.substring(name + 1)).asIterator().forEachRemaining(word -> words.add((String) word));
        try {
            if (name > 0 && words.size() >= 20) {
                return new ProcessStat(
                        Integer.parseInt(text.substring(0, text.indexOf(' '))),
                        words.get(0).charAt(0),
                        Integer.parseInt(words.get(1)),
                        Integer.parseInt(words.get(3)),
                        Long.parseLong(words.get(19)));
            }
        } catch (NumberFormatException wrong) {
            // Told below.
        }
        throw new BadInput("/proc/PID/stat", text.strip(), "PID (NAME) STATE PARENT GROUP SESSION … START");
    }

    /**
     * A socket of the kernel's tables.
     *
     * @param address local, as bound
     * @param port local, 0 if not bound
     * @param inode what the owner's descriptor points to; 0 once nobody owns the socket any more (TIME_WAIT)
     */
    public record KernelSocket(InetAddress address, int port, long inode) {
        boolean loopback() {
            return address.isLoopbackAddress();
        }

        /** For example {@code 127.0.0.1}, {@code ::1} or {@code 2001:db8::7}: the form of RFC 5952. */
        String shownAddress() {
            byte[] bytes = address.getAddress();
            if (bytes.length == 4) {
                return address.getHostAddress();
            }
            int[] groups = new int[8];
            for (int group = 0; group < 8; group++) {
                groups[group] = ByteBuffer.wrap(bytes).getShort(2 * group) & 0xFFFF;
            }
            int zeros = 0;
            int longest = 1; // one zero alone is written
            for (int first = 0; first < 8; first++) {
                int end = first;
                while (end < 8 && groups[end] == 0) {
                    end++;
                }
                if (end - first > longest) {
                    zeros = first;
                    longest = end - first;
                }
            }
            StringBuilder text = new StringBuilder();
            for (int group = 0; group < 8; group++) {
                if (longest > 1 && group == zeros) {
                    text.append("::");
                    group += longest - 1;
                } else {
                    text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                            .append(Integer.toHexString(groups[group]));
                }
            }
            return text.toString();
        }
    }

    /**
     * A process, as the kernel counts it.
     *
     * @param state {@code R}, {@code S}, {@code T} (stopped), {@code Z} (zombie), …
     * @param session pid of the session's leader, which may be long gone
     * @param startTime clock ticks since boot
     */
    public record ProcessStat(int pid, char state, int parent, int session, long startTime) {
        /** A zombie is dead: it holds no socket and no memory, and only waits for its parent to notice. */
        public boolean alive() {
            return state != 'Z' && state != 'X';
        }
    }
}
