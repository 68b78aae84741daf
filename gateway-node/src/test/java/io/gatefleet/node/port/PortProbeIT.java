package io.gatefleet.node.port;

import static io.gatefleet.node.port.PortGuardTest.held;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.port.PortSet;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Thieves of every kind, each a process of its own. */
class PortProbeIT {
    private static OtherProcess thief;

    private final FreeWindow window = FreeWindow.of(111);

    @BeforeAll
    static void startAThief() throws Exception {
        thief = OtherProcess.start();
    }

    @AfterAll
    static void endIt() {
        thief.close();
    }

    @AfterEach
    void giveTheWindowBack() throws InterruptedException {
        thief.tell("release");
        window.close();
    }

    @ParameterizedTest(name = "on {0}")
    @MethodSource("addresses")
    void aThiefIsNamedWhereverItListens(String address) throws Exception {
        for (int offset : List.of(0, 2, 11)) {
            int port = window.first() + offset;
            assertThat(thief.tell("listen", address, Integer.toString(port))).isEqualTo("listening " + port);
        }
        try (PortGuard guard = held(window.ports())) {
            assertThat(PortProbe.busy(guard.ports(), PortSet.EMPTY)).containsExactly(stolen(0), stolen(2), stolen(11));
        }
    }

    static Stream<String> addresses() throws SocketException {
        boolean ipv6 = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .anyMatch(address -> address.getHostAddress().startsWith("0:0:0:0:0:0:0:1"));
        return ipv6
                ? Stream.of("127.0.0.1", "127.0.0.3", "0.0.0.0", "::1", "::")
                : Stream.of("127.0.0.1", "127.0.0.3", "0.0.0.0");
    }

    @ParameterizedTest(name = "on {0}")
    @MethodSource("addresses")
    void aProbeWithoutIpv6SeesItToo(String address) throws Exception {
        int port = window.first() + 2;
        thief.tell("listen", address, Integer.toString(port));
        try (OtherProcess old = OtherProcess.start("env", "JDK_JAVA_OPTIONS=-Djava.net.preferIPv4Stack=true")) {
            assertThat(old.tell("probe", window.ports().toString()))
                    .isEqualTo("busy " + port + ":" + thief.pid() + ":java");
        }
    }

    @Test
    void knownPortsAreNotProbed() throws Exception {
        thief.tell("listen", "127.0.0.1", Integer.toString(window.first() + 1));
        assertThat(PortProbe.busy(window.ports(), PortSet.of(window.first() + 1)))
                .isEmpty();
        assertThat(PortProbe.busy(window.ports(), PortSet.of(window.first()))).containsExactly(stolen(1));
    }

    private BusyPort stolen(int offset) {
        return new BusyPort(window.first() + offset, BusyPort.Protocol.TCP, thief.pid(), "java");
    }
}
