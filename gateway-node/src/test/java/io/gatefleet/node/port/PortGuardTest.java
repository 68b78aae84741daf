package io.gatefleet.node.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.port.PortSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.net.ServerSocket;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PortGuardTest {
    private static final int OWN_PID = Math.toIntExact(ProcessHandle.current().pid());
    private final FreeWindow window = FreeWindow.of(20);

    @AfterEach
    void giveTheWindowBack() {
        window.close();
    }

    @Test
    void everyPortIsHeldUntilItIsClosed() {
        PortGuard guard = held(window.ports());

        assertThat(guard.ports()).isEqualTo(window.ports());
        assertThat(guard.isHeld()).isTrue();
        assertThat(window.ports().stream()).allMatch(port -> !bindsUdp(port));

        guard.close();
        guard.close();
        assertThat(guard.isHeld()).isFalse();
        held(window.ports()).close();
    }

    @Test
    void oneBusyPortIsEnoughToGetNoneOfThem() {
        int last = window.last();
        try (PortGuard other = held(PortSet.of(last))) {
            assertThat(PortGuard.take(window.ports())).isEqualTo(busy(last));
            held(window.ports().minus(other.ports())).close(); // nothing was kept
        }
    }

    @Test
    void allBusyPortsAreNamedAtOnce() {
        int first = window.first();
        try (PortGuard other = held(PortSet.of(first, first + 7, first + 8, window.last()))) {
            assertThat(other.isHeld()).isTrue();
            assertThat(PortGuard.take(window.ports())).isEqualTo(busy(first, first + 7, first + 8, window.last()));
        }
    }

    @ParameterizedTest
    @MethodSource("everybodysAddresses")
    void aSocketOnAllAddressesIsInTheWay(String address) throws IOException {
        try (DatagramChannel browser = DatagramChannel.open()) {
            browser.bind(window.at(address, 3));
            assertThat(PortGuard.take(window.ports())).isEqualTo(busy(window.first() + 3));
        }
    }

    static Stream<String> everybodysAddresses() {
        return Stream.of("0.0.0.0", "::");
    }

    @Test
    void aPortThatIsBusyForAMomentIsNotBusy() throws Exception {
        DatagramChannel browser = DatagramChannel.open();
        browser.bind(window.at("0.0.0.0", 3));
        CompletableFuture<Void> closed = CompletableFuture.runAsync(
                () -> close(browser), CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));

        try (PortGuard guard = held(window.ports())) {
            assertThat(guard.isHeld()).isTrue();
        }
        closed.get();
    }

    @Test
    void itDoesNotDisturbTheGatewaysOwnPorts() throws IOException {
        try (PortGuard guard = held(window.ports());
                ServerSocket gateway = new ServerSocket()) {
            gateway.bind(window.at("127.0.0.1", 0));
            assertThat(gateway.isBound()).isTrue();
            assertThat(guard.isHeld()).isTrue();
        }
    }

    @Test
    void theKernelsTablesShowIt() throws IOException {
        try (PortGuard guard = held(PortSet.of(window.first(), window.last()))) {
            assertThat(Kernel.guards().and(window.ports())).isEqualTo(guard.ports());
        }
        assertThat(Kernel.guards().overlaps(window.ports())).isFalse();
    }

    @Test
    void aGuardThatNobodyRefersToAnyMoreStillStands() {
        WeakReference<PortGuard> forgotten = new WeakReference<>(held(window.ports()));
        for (int round = 0; round < 20; round++) {
            System.gc(); // after which the JDK closes channels that nobody can reach
            assertThat(bindsUdp(window.first())).isFalse();
        }
        PortGuard guard = forgotten.get();
        assertThat(guard).isNotNull();
        guard.close();
    }

    @Test
    void anInterruptedWaitIsNoNewsOfThePort() {
        try (PortGuard other = held(PortSet.of(window.first()))) {
            Thread.currentThread().interrupt();
            Guarding guarding = PortGuard.take(window.ports());
            assertThat(Thread.interrupted()).isTrue();
            assertThat(guarding).isInstanceOf(Guarding.Unavailable.class);
            assertThat(other.isHeld()).isTrue();
        }
    }

    @Test
    void aGuardOfNothingIsRefused() {
        assertThatThrownBy(() -> PortGuard.take(PortSet.EMPTY))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("at least one port");
    }

    static PortGuard held(PortSet ports) {
        Guarding guarding = PortGuard.take(ports);
        assertThat(guarding).isInstanceOf(Guarding.Held.class);
        return ((Guarding.Held) guarding).guard();
    }

    private static Guarding busy(int... ports) {
        return new Guarding.Busy(Arrays.stream(ports)
                .mapToObj(port -> new BusyPort(port, BusyPort.Protocol.UDP, OWN_PID, "java"))
                .toList());
    }

    private boolean bindsUdp(int port) {
        try (DatagramChannel socket = DatagramChannel.open()) {
            socket.bind(window.at("127.0.0.1", port - window.first()));
            return true;
        } catch (IOException inUse) {
            return false;
        }
    }

    private static void close(DatagramChannel channel) {
        try {
            channel.close();
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }
}
