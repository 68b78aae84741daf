package io.gatefleet.node.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway, its node (this process) and strangers, on real ports. */
class LeaseAuditIT {
    private final FreeWindow window = FreeWindow.of(20);
    private final PortSet lease = PortSet.of(PortRange.of(window.first(), 10));
    private final PortSet management = PortSet.of(window.first() + 1);
    private OtherProcess gateway;

    @BeforeEach
    void startTheGateway() throws Exception {
        gateway = OtherProcess.start("setsid");
        listen(gateway, "127.0.0.1", 0);
        listen(gateway, "127.0.0.1", 2);
    }

    @AfterEach
    void end() {
        gateway.close();
        Kernel.session(gateway.pid())
                .forEach(orphan -> ProcessHandle.of(orphan).ifPresent(ProcessHandle::destroyForcibly));
        window.close();
    }

    @Test
    void aGatewayInsideItsLeaseIsFine() {
        assertThat(audit().clean()).isTrue();
    }

    @Test
    void aPortOutsideIsReported() throws Exception {
        listen(gateway, "127.0.0.1", 10);
        assertThat(audit().outside()).containsExactly(listener(10, "127.0.0.1", gateway.pid()));
        assertThat(audit().strangers()).isEmpty();
    }

    @Test
    void loopbackPortsOfTheKernelsChoiceAreFineAndPublicOnesAreNot() throws Exception {
        gateway.tell("listen", "127.0.0.1", "0");
        assertThat(audit().clean()).isTrue();

        String answer = gateway.tell("listen", "0.0.0.0", "0");
        int port = Integer.parseInt(answer.substring("listening ".length()));
        assertThat(audit().outside()).extracting(Listener::port).containsExactly(port);
    }

    @Test
    void aStrangerInTheLeaseIsReported() throws Exception {
        try (OtherProcess stranger = OtherProcess.start()) {
            listen(stranger, "127.0.0.1", 5);
            listen(stranger, "127.0.0.3", 2);
            listen(stranger, "127.0.0.1", 15);

            LeaseAudit.Result result = audit();
            assertThat(result.outside()).isEmpty();
            assertThat(result.strangers())
                    .containsExactlyInAnyOrder(
                            listener(5, "127.0.0.1", stranger.pid()), listener(2, "127.0.0.3", stranger.pid()));
        }
    }

    @Test
    void theNodesOwnPortsAreNoStrangers() throws IOException {
        try (ServerSocket own = new ServerSocket();
                ServerSocket alsoOwn = new ServerSocket()) {
            own.bind(window.at("127.0.0.1", 1));
            alsoOwn.bind(window.at("127.0.0.1", 4));
            assertThat(audit().clean()).isTrue();
        }
    }

    @Test
    void aBrowserThatNobodyCountedYetIsNoStranger() throws Exception {
        int browser = Integer.parseInt(gateway.tell("fork", "listen", "127.0.0.1", Integer.toString(port(7))));
        await().until(() -> holder(7) == browser);

        assertThat(Kernel.tree(gateway.pid())).contains(browser);
        assertThat(audit().clean()).isTrue();
        assertThat(LeaseAudit.of(lease, Set.of(gateway.pid()), management).clean())
                .isTrue();
    }

    @Test
    void anOrphanOfTheGatewaysSessionIsNoStranger() throws Exception {
        int launcher = Integer.parseInt(gateway.tell("fork", "fork", "listen", "127.0.0.1", Integer.toString(port(7))));
        await().until(() -> holder(7) > 0);
        int browser = holder(7);

        ProcessHandle.of(launcher).orElseThrow().destroyForcibly();
        await().until(() -> Kernel.startTime(launcher) < 0);
        assertThat(Kernel.tree(gateway.pid())).as("the tree lost it").containsExactly(gateway.pid());
        assertThat(audit().clean()).isTrue();

        gateway.kill();
        assertThat(Kernel.session(gateway.pid())).containsExactly(browser);
        assertThat(LeaseAudit.of(lease, Kernel.session(gateway.pid()), management)
                        .clean())
                .isTrue();
        assertThat(LeaseAudit.of(lease, Set.of(), management).strangers())
                .containsExactly(listener(7, "127.0.0.1", browser));
    }

    private int port(int offset) {
        return window.first() + offset;
    }

    /** Who listens there; 0 if nobody does. */
    private int holder(int offset) throws IOException {
        return Kernel.listening(Set.of(), at -> at == port(offset)).stream()
                .map(Kernel.Held::pid)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(0);
    }

    private LeaseAudit.Result audit() {
        return LeaseAudit.of(lease, Kernel.tree(gateway.pid()), management);
    }

    private void listen(OtherProcess process, String address, int offset) throws InterruptedException {
        assertThat(process.tell("listen", address, Integer.toString(port(offset))))
                .isEqualTo("listening " + port(offset));
    }

    private Listener listener(int offset, String address, int pid) {
        return new Listener(port(offset), address, pid, "java", false, Listener.Reading.PLAIN);
    }
}
