package io.gatefleet.node.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import java.io.IOException;
import java.net.ServerSocket;
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
        window.close();
    }

    @Test
    void aGatewayInsideItsLeaseIsFine() {
        assertThat(audit().clean()).isTrue();
    }

    @Test
    void aPortOutsideIsReported() throws Exception {
        listen(gateway, "127.0.0.1", 10);
        assertThat(audit().outside()).containsExactly(listener(10, "127.0.0.1", gateway));
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
                    .containsExactlyInAnyOrder(listener(5, "127.0.0.1", stranger), listener(2, "127.0.0.3", stranger));
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
    void anOrphanOfTheGatewaysSessionIsNoStranger() throws Exception {
        try (OtherProcess browser = OtherProcess.start()) {
            listen(browser, "127.0.0.1", 7);
            assertThat(LeaseAudit.of(lease, Set.of(gateway.pid(), browser.pid()), management)
                            .clean())
                    .isTrue();
            assertThat(audit().strangers()).hasSize(1);
        }
    }

    @Test
    void whoIsADescendantIsNoStrangerThoughNobodyCountedIt() {
        int own = Math.toIntExact(ProcessHandle.current().pid());
        assertThat(Kernel.descends(gateway.pid(), Set.of(own))).isTrue();
        assertThat(Kernel.descends(own, Set.of(gateway.pid()))).isFalse();
    }

    private LeaseAudit.Result audit() {
        return LeaseAudit.of(lease, Kernel.tree(gateway.pid()), management);
    }

    private void listen(OtherProcess process, String address, int offset) throws InterruptedException {
        int port = window.first() + offset;
        assertThat(process.tell("listen", address, Integer.toString(port))).isEqualTo("listening " + port);
    }

    private Listener listener(int offset, String address, OtherProcess process) {
        return new Listener(window.first() + offset, address, process.pid(), "java", false, Listener.Reading.PLAIN);
    }
}
