package io.gatefleet.node.port;

import static io.gatefleet.node.port.PortGuardTest.held;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.port.PortSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KernelTest {
    private static final int OWN_PID = Math.toIntExact(ProcessHandle.current().pid());
    private final FreeWindow window = FreeWindow.of(5);

    @AfterEach
    void giveTheWindowBack() {
        window.close();
    }

    @Test
    void factsHaveTheSettingsOfThisKernel() throws IOException {
        HostFacts facts = Kernel.facts(Set.of());

        assertThat(facts.portSpace().bootId())
                .isEqualTo(Files.readAllLines(Path.of("/proc/sys/kernel/random/boot_id"))
                        .get(0));
        assertThat("net:[" + facts.portSpace().netns() + "]")
                .isEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString());
        assertThat(Files.readAllLines(Path.of("/proc/sys/net/ipv4/ip_local_port_range")))
                .containsExactly(
                        facts.ephemeral().first() + "\t" + facts.ephemeral().last());
        assertThat(Files.readAllLines(Path.of("/proc/sys/net/ipv4/ip_local_reserved_ports")))
                .containsExactly(facts.reserved().toString());
        assertThat(facts.listeners()).extracting(Listener::port).isSorted().allMatch(port -> port >= 1024);
    }

    @Test
    void aListenerHasItsAddressPidAndName() throws IOException {
        try (ServerSocket server = new ServerSocket()) {
            server.bind(window.at("127.0.0.1", 2));
            assertThat(seen())
                    .containsExactly(new Listener(
                            window.first() + 2, "127.0.0.1", OWN_PID, "java", false, Listener.Reading.PLAIN));
        }
        assertThat(seen()).isEmpty();
    }

    @Test
    void aListenerUnderAGuardIsGuarded() throws IOException {
        try (ServerSocket server = new ServerSocket();
                PortGuard guard = held(PortSet.of(window.first() + 2))) {
            server.bind(window.at("127.0.0.1", 2));
            assertThat(seen()).extracting(Listener::guarded).containsExactly(true);
            assertThat(Kernel.facts(Set.of()).guards().and(window.ports())).isEqualTo(guard.ports());
        }
    }

    @Test
    void aBrowsersUdpSocketIsNoGuard() throws IOException {
        try (ServerSocket server = new ServerSocket();
                DatagramChannel browser = DatagramChannel.open()) {
            server.bind(window.at("127.0.0.1", 2));
            browser.bind(window.at("0.0.0.0", 2));
            assertThat(seen()).extracting(Listener::guarded).containsExactly(false);
            assertThat(Kernel.facts(Set.of()).guards().overlaps(window.ports())).isFalse();
        }
    }

    @Test
    void ownListenersAreLeftOut() throws IOException {
        try (ServerSocket server = new ServerSocket()) {
            server.bind(window.at("127.0.0.1", 2));
            assertThat(Kernel.facts(Set.of(OWN_PID)).listeners())
                    .extracting(Listener::port)
                    .doesNotContain(server.getLocalPort());
        }
    }

    @Test
    void aListenerThatGoesAwayWhileItIsLookedUpIsNotNameless() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Void> flicker = CompletableFuture.runAsync(() -> {
            while (!enough.get()) {
                try (ServerSocket server = new ServerSocket()) {
                    server.bind(window.at("127.0.0.1", 2));
                } catch (BindException probedByAnotherProgram) {
                    // Its bind is over in a moment.
                } catch (IOException trouble) {
                    throw new UncheckedIOException(trouble);
                }
            }
        });
        try {
            for (int round = 0; round < 15; round++) {
                assertThat(seen()).allMatch(listener -> listener.pid() != null);
            }
        } finally {
            enough.set(true);
        }
        flicker.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aProcessThatIsNotThereHasNoStartTimeAndNoTree() {
        int none = Integer.MAX_VALUE; // beyond every pid_max
        assertThat(Kernel.startTime(none)).isEqualTo(-1);
        assertThat(Kernel.tree(none)).isEmpty();
        assertThat(Kernel.session(none)).isEmpty();
    }

    private List<Listener> seen() {
        return Kernel.facts(Set.of()).listeners().stream()
                .filter(listener -> window.range().contains(listener.port()))
                .toList();
    }
}
