package io.gatefleet.node.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.node.port.KernelTables.KernelSocket;
import io.gatefleet.node.port.KernelTables.ProcessStat;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelTablesTest {
    /** A listener on 0.0.0.0:2024, one on 127.0.0.1:23079, a connection to it, and what a closed one left behind. */
    private static final String TCP = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     \s
               0: 00000000:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 643 1 000000004dab6768 100 0 0 10 0                       \s
               1: 0100007F:5A27 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 77134 1 00000000dac4d598 100 0 0 10 0                     \s
               2: 0100007F:5A27 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1000        0 77140 1 0000000000000000 20 4 30 10 -1                    \s
              13: 0100007F:9C41 0100007F:5A27 06 00000000:00000000 03:00001700 00000000     0        0 0 3 0000000000000000                                      \s
            """;

    private static final String TCP6 = """
              sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 00000000000000000000000001000000:5A27 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 77135 1 000000005c05ec14 100 0 0 10 0
               1: 0000000000000000FFFF00000100007F:4965 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 80012 1 0000000000000000 100 0 0 10 0
            """;

    private static final String UDP = """
               sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops            \s
             4711: 0100007F:4965 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 90001 2 0000000000000000 0         \s
            """;

    @Test
    void listenersAreFoundAmongConnections() {
        assertThat(shown(KernelTables.listeners(TCP, ByteOrder.LITTLE_ENDIAN)))
                .containsExactly("0.0.0.0 2024 #643", "127.0.0.1 23079 #77134");
    }

    @Test
    void whatAClosedConnectionLeftHasNoInode() {
        assertThat(shown(KernelTables.sockets(TCP, ByteOrder.LITTLE_ENDIAN)))
                .containsExactly(
                        "0.0.0.0 2024 #643", "127.0.0.1 23079 #77134", "127.0.0.1 23079 #77140", "127.0.0.1 40001 #0");
    }

    @Test
    void anIpv4AddressInsideIpv6IsTheIpv4Address() {
        assertThat(shown(KernelTables.listeners(TCP6, ByteOrder.LITTLE_ENDIAN)))
                .containsExactly("::1 23079 #77135", "127.0.0.1 18789 #80012");
    }

    @Test
    void udpTablesHaveTheSameForm() {
        assertThat(shown(KernelTables.sockets(UDP, ByteOrder.LITTLE_ENDIAN))).containsExactly("127.0.0.1 18789 #90001");
    }

    private static List<String> shown(List<KernelSocket> sockets) {
        return sockets.stream()
                .map(socket -> socket.shownAddress() + " " + socket.port() + " #" + socket.inode())
                .toList();
    }

    @Test
    void aTableOfNothingIsEmpty() {
        assertThat(KernelTables.sockets("", ByteOrder.LITTLE_ENDIAN)).isEmpty();
        assertThat(KernelTables.sockets(TCP.lines().findFirst().orElseThrow(), ByteOrder.LITTLE_ENDIAN))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"   0: 0100007F:5A27", "0: 01:5A27 x 0A x x x x x 1", "0: 0100007F:XYZ x 0A x x x x x 1"})
    void aLineThatIsNoSocketIsNotPassedOver(String line) {
        assertThatThrownBy(() -> KernelTables.listeners("header\n" + line, ByteOrder.LITTLE_ENDIAN))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("/proc/net");
    }

    @ParameterizedTest(name = "{0} {1} is {2}")
    @CsvSource(textBlock = """
                    LITTLE, 0100007F,                         127.0.0.1
                    LITTLE, 0500A8C0,                         192.168.0.5
                    BIG,    7F000001,                         127.0.0.1
                    LITTLE, 00000000,                         0.0.0.0
                    LITTLE, 00000000000000000000000000000000, ::
                    LITTLE, 00000000000000000000000001000000, ::1
                    BIG,    00000000000000000000000000000001, ::1
                    LITTLE, B80D0120000000000000000007000000, 2001:db8::7
                    LITTLE, 000080FE00000000FF005450F41E0EFE, fe80::5054:ff:fe0e:1ef4
                    LITTLE, B80D0120000001000000010001000000, 2001:db8:1:0:1::1
                    LITTLE, B80D0120010000000100010001000100, 2001:db8:0:1:1:1:1:1
                    LITTLE, B80D0120000000000000000000000000, 2001:db8::
                    LITTLE, 0000000000000000FFFF00000100007F, 127.0.0.1
                    """)
    void addressesAreWordsOfTheMachine(String order, String hex, String shown) {
        ByteOrder machine = order.equals("BIG") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        KernelSocket socket = new KernelSocket(KernelTables.address(hex, machine), 1, 1);
        assertThat(socket.shownAddress()).isEqualTo(shown);
    }

    @Test
    void theEphemeralRangeIsTwoPorts() {
        assertThat(KernelTables.ephemeral("32768\t60999\n")).isEqualTo(new PortRange(32_768, 60_999));
        assertThatThrownBy(() -> KernelTables.ephemeral("3"))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("ip_local_port_range: 3");
        assertThatThrownBy(() -> KernelTables.ephemeral("a b")).isInstanceOf(BadInput.class);
    }

    @Test
    void reservedPortsMayBeNone() {
        assertThat(KernelTables.reserved("\n")).isEqualTo(PortSet.EMPTY);
        assertThat(KernelTables.reserved("8080,18789-18899\n")).isEqualTo(PortSet.parse("8080,18789-18899"));
    }

    @Test
    void onlyLinksToSocketsAndNamespacesHaveAnInode() {
        assertThat(KernelTables.inode("socket:[643]")).hasValue(643);
        assertThat(KernelTables.inode("net:[4026531833]")).hasValue(4_026_531_833L);
        assertThat(KernelTables.inode("/dev/null")).isEmpty();
        assertThat(KernelTables.inode("anon_inode:[eventpoll]")).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"java", "tmux: server", "a) S 1 1 1 (b", "(sd-pam)"})
    void aProcessMayCallItselfWhatItLikes(String name) {
        String stat = "4242 (" + name + ") S 17 4242 4200 0 -1 4194560 6138 0 0 0 11 3 0 0 20 0 21 0 8273645 2 3 4 5";
        assertThat(KernelTables.stat(stat)).isEqualTo(new ProcessStat(4242, 'S', 17, 4200, 8_273_645));
    }

    @Test
    void aZombieIsNotAlive() {
        String stat = "7 (sh) Z 1 7 7 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 99 0 0";
        assertThat(KernelTables.stat(stat).alive()).isFalse();
        assertThat(KernelTables.stat(stat.replace(" Z ", " T ")).alive()).isTrue();
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @ValueSource(
            strings = {"", "7", "7 (sh", "7 (sh) S 1", "x (sh) Z 1 7 7 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 99 0"})
    void whatIsNoProcessIsRefused(String stat) {
        assertThatThrownBy(() -> KernelTables.stat(stat))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("/proc/PID/stat");
    }
}
