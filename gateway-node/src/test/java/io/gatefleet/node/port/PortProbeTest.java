package io.gatefleet.node.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.port.PortSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PortProbeTest {
    private final FreeWindow window = FreeWindow.of(5);
    private final int port = window.first() + 3;

    @AfterEach
    void giveTheWindowBack() {
        window.close();
    }

    @Test
    void freePortsAreFreeAgainAndAgain() {
        for (int round = 0; round < 3; round++) {
            assertThat(PortProbe.busy(window.ports(), PortSet.EMPTY)).isEmpty();
        }
    }

    @Test
    void nothingToProbeIsNothingBusy() {
        assertThat(PortProbe.busy(PortSet.EMPTY, PortSet.EMPTY)).isEmpty();
        assertThat(PortProbe.busy(window.ports(), window.ports())).isEmpty();
    }

    @Test
    void aListenerThatWouldShareItsPortIsSeen() throws IOException {
        try (ServerSocketChannel sharing = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            sharing.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            sharing.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            sharing.bind(window.at("127.0.0.1", 3));
            assertThat(PortProbe.busy(window.ports(), PortSet.EMPTY)).containsExactly(ours());
        }
    }

    @Test
    void aPortThatIsBusyForAMomentIsNotBusy() throws IOException {
        ServerSocket passing = new ServerSocket();
        passing.bind(window.at("127.0.0.1", 3));
        assertThat(PortProbe.busy(window.ports(), PortSet.EMPTY, () -> close(passing)))
                .isEmpty();
        assertThat(passing.isClosed()).as("it was seen at first").isTrue();
    }

    @Test
    void anInterruptedProbeIsNoNewsOfThePort() throws IOException {
        try (ServerSocket busy = new ServerSocket()) {
            busy.bind(window.at("127.0.0.1", 3));
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> PortProbe.busy(window.ports(), PortSet.EMPTY))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aConnectionThatGoesOutFromThePortIsSeen() throws IOException {
        try (ServerSocket server = new ServerSocket(0);
                SocketChannel client = SocketChannel.open(StandardProtocolFamily.INET)) {
            client.bind(window.at("127.0.0.1", 3));
            client.connect(window.at("127.0.0.1", server.getLocalPort() - window.first()));
            assertThat(PortProbe.busy(window.ports(), PortSet.EMPTY)).containsExactly(ours());
        }
    }

    @Test
    void whatAClosedServerLeftBehindIsFree() throws IOException {
        leaveTimeWait(true);
        assertThat(PortProbe.busy(window.ports(), PortSet.EMPTY)).isEmpty();
    }

    @Test
    void whatNobodyCouldBindYetIsBusyAndNobodys() throws IOException {
        // A server without SO_REUSEADDR. The kernel refuses everybody for a minute, the gateway too.
        leaveTimeWait(false);
        assertThat(PortProbe.busy(window.ports(), PortSet.EMPTY))
                .containsExactly(new BusyPort(port, BusyPort.Protocol.TCP, null, null));
        assertThatThrownBy(() -> new ServerSocket(port).close()).isInstanceOf(IOException.class);
    }

    private void leaveTimeWait(boolean reuse) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, reuse);
            server.bind(window.at("127.0.0.1", 3));
            try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
                server.accept().close(); // who closes first has to wait
                assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            }
        }
        assertThat(Kernel.onTcp(PortSet.of(port)))
                .as("sockets of port %d that nobody owns", port)
                .anyMatch(held -> held.socket().inode() == 0);
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    private BusyPort ours() {
        int pid = Math.toIntExact(ProcessHandle.current().pid());
        return new BusyPort(port, BusyPort.Protocol.TCP, pid, "java");
    }
}
