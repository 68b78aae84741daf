package io.gatefleet.node.port;

import static io.gatefleet.node.port.PortGuardTest.held;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Processes and listeners of other processes, as the kernel shows them. */
class KernelIT {
    private final FreeWindow window = FreeWindow.of(111);

    @AfterEach
    void giveTheWindowBack() {
        window.close();
    }

    @Test
    void aTreeHasChildrenAndTheirChildren() throws Exception {
        try (OtherProcess root = OtherProcess.start()) {
            int shell = Integer.parseInt(root.tell("run", "sh", "-c", "sleep${IFS}60&wait"));
            await().until(() -> Kernel.tree(shell).size() == 2);

            Set<Integer> tree = Kernel.tree(root.pid());
            assertThat(tree).hasSize(3).contains(root.pid(), shell).containsAll(Kernel.tree(shell));

            root.kill();
            assertThat(Kernel.tree(root.pid())).isEmpty();
            tree.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        }
    }

    @Test
    void aSessionKeepsItsOrphans() throws Exception {
        try (OtherProcess leader = OtherProcess.start("setsid")) {
            int orphan = Integer.parseInt(leader.tell("run", "sleep", "60"));
            assertThat(Kernel.session(leader.pid())).containsExactly(leader.pid(), orphan);

            leader.kill();
            assertThat(Kernel.session(leader.pid())).containsExactly(orphan);
            ProcessHandle.of(orphan).ifPresent(ProcessHandle::destroyForcibly);
            await().until(() -> Kernel.session(leader.pid()).isEmpty());
        }
    }

    @Test
    void aZombieIsGone() throws Exception {
        // The shell starts a child and, before that one ends, turns into a program that never asks after it.
        Process parent = new ProcessBuilder("sh", "-c", "sleep 1 & echo $!; exec sleep 60").start();
        try (BufferedReader out = parent.inputReader(StandardCharsets.UTF_8)) {
            int zombie = Integer.parseInt(out.readLine());
            int pid = Math.toIntExact(parent.pid());
            await().until(() -> {
                KernelTables.ProcessStat stat = Kernel.stat(zombie);
                return stat != null && stat.state() == 'Z';
            });

            assertThat(Kernel.startTime(zombie)).isEqualTo(-1);
            assertThat(Kernel.tree(pid)).containsExactly(pid);
        } finally {
            parent.destroyForcibly();
        }
    }

    @Test
    void pidAndStartTimeNameAProcess() throws Exception {
        try (OtherProcess one = OtherProcess.start();
                OtherProcess other = OtherProcess.start()) {
            long started = Kernel.startTime(one.pid());
            assertThat(started).isPositive().isLessThan(Kernel.startTime(other.pid()));
            assertThat(Kernel.startTime(one.pid())).isEqualTo(started);
            one.kill();
            assertThat(Kernel.startTime(one.pid())).isEqualTo(-1);
        }
    }

    @Test
    void aHandRunGatewayIsReadByTheNameItGivesItself() throws Exception {
        try (OtherProcess gateway = OtherProcess.start()) {
            gateway.tell("name", "openclaw-gateway");
            gateway.tell("listen", "127.0.0.1", Integer.toString(window.first() - 60));

            Listener seen = listener(window.first() - 60);
            assertThat(seen.reading()).isEqualTo(Listener.Reading.GATEWAY_LIKE);
            assertThat(seen.pid()).isEqualTo(gateway.pid());
            assertThat(seen.command()).isEqualTo("openclaw-gatewa (java)");
            assertThat(foreign()).isEqualTo(PortSet.of(new PortRange(window.first(), window.first() + 50)));
        }
    }

    @Test
    void aGatewayThatOutlivesItsKilledNodeIsAForeignNeighbour() throws Exception {
        // Its whole footprint is still to come: it listens on one port, and not inside our range.
        PortSet theirs = PortSet.of(PortRange.of(window.first() - 110, 110));
        try (OtherProcess node = OtherProcess.start();
                OtherProcess gateway = OtherProcess.start()) {
            assertThat(node.tell("guard", theirs.toString())).isEqualTo("held");
            gateway.tell("name", "gatefleet-sim");
            gateway.tell("listen", "127.0.0.1", Integer.toString(theirs.lowest()));
            try (PortGuard guard = held(window.ports())) {
                assertThat(PortProbe.busy(guard.ports(), PortSet.EMPTY)).isEmpty();
                assertThat(foreign()).as("while its node answers for it").isEqualTo(PortSet.EMPTY);

                node.kill();
                assertThat(PortProbe.busy(guard.ports(), PortSet.EMPTY))
                        .as("no probe can see it coming")
                        .isEmpty();
                assertThat(foreign()).isEqualTo(PortSet.of(window.first()));
            }
        }
    }

    @Test
    void aGatewayInsideTheRangeIsForeignThoughOurOwnGuardStandsThere() throws Exception {
        try (OtherProcess gateway = OtherProcess.start()) {
            gateway.tell("name", "clawdbot-gateway");
            gateway.tell("listen", "127.0.0.1", Integer.toString(window.first() + 11));
            try (PortGuard guard = held(window.ports())) {
                assertThat(listener(window.first() + 11).guarded()).isTrue();
                assertThat(foreign()).isEqualTo(PortSet.of(new PortRange(window.first() + 11, window.last())));
                assertThat(guard.isHeld()).isTrue();
            }
        }
    }

    private PortSet foreign() {
        List<BusyPort> foreign = NeighbourCheck.foreign(window.ports(), Kernel.facts(Set.of()));
        return PortSet.of(foreign.stream().mapToInt(BusyPort::port).toArray());
    }

    private static Listener listener(int port) {
        HostFacts facts = Kernel.facts(Set.of());
        return facts.listeners().stream()
                .filter(listener -> listener.port() == port)
                .findFirst()
                .orElseThrow();
    }
}
