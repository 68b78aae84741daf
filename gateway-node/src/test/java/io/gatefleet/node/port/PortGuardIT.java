package io.gatefleet.node.port;

import static io.gatefleet.node.port.PortGuardTest.held;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.testing.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guard between processes: what the kernel does when they overlap, die, stop, or start children. */
class PortGuardIT {
    private static final int WIDE = 111;
    private static final String[] AS_NOBODY = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};

    private final FreeWindow window = FreeWindow.of(2 * WIDE);
    private final PortSet first = PortSet.of(PortRange.of(window.first(), WIDE));

    @AfterEach
    void giveTheWindowBack() {
        window.close();
    }

    @Test
    void anOverlapByOnePortIsRefusedAndItsHolderNamed() throws Exception {
        PortSet overlapping = PortSet.of(PortRange.of(window.first() + WIDE - 1, WIDE));
        try (OtherProcess other = OtherProcess.start()) {
            assertThat(other.tell("guard", first.toString())).isEqualTo("held");

            assertThat(PortGuard.take(overlapping)).isEqualTo(busy(other, overlapping.lowest()));
            held(overlapping.minus(first)).close();
        }
    }

    @Test
    void aKilledHolderFreesAllPortsAtOnce() throws Exception {
        try (OtherProcess other = OtherProcess.start()) {
            assertThat(other.tell("guard", first.toString())).isEqualTo("held");
            InetSocketAddress address = window.at("127.0.0.1", 0);

            Signal.KILL.to(other.pid());
            long killed = System.nanoTime();
            while (!binds(address) && System.nanoTime() - killed < TimeUnit.SECONDS.toNanos(10)) {
                Thread.onSpinWait();
            }
            assertThat(System.nanoTime() - killed)
                    .as("nanoseconds from kill -9 to a free port")
                    .isLessThan(TimeUnit.SECONDS.toNanos(1));
            held(first).close();
        }
    }

    @Test
    void aStoppedHolderKeepsItsPorts() throws Exception {
        try (OtherProcess other = OtherProcess.start()) {
            assertThat(other.tell("guard", first.toString())).isEqualTo("held");
            Signal.STOP.to(other.pid());

            Guarding guarding = PortGuard.take(first);

            assertThat(guarding).isInstanceOf(Guarding.Busy.class);
            assertThat(((Guarding.Busy) guarding).ports())
                    .hasSize(WIDE)
                    .allMatch(port -> port.pid() != null && port.pid() == other.pid());
        }
    }

    @Test
    void aChildInheritsNothingAndOutlivesItsParentWithoutTheGuard() throws Exception {
        try (OtherProcess other = OtherProcess.start()) {
            assertThat(other.tell("guard", first.toString())).isEqualTo("held");
            int child = Integer.parseInt(other.tell("run", "sleep", "60"));
            try {
                assertThat(links(child)).isNotEmpty().noneMatch(link -> link.startsWith("socket:"));

                other.kill();
                assertThat(Kernel.startTime(child)).as("the child lives").isPositive();
                held(first).close();
            } finally {
                ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    @Test
    void tooFewDescriptorsAreTheNodesOwnTrouble() throws Exception {
        // The JVM raises the soft limit to the hard one by itself; ulimit without a flag sets both.
        try (OtherProcess poor = OtherProcess.start("sh", "-c", "ulimit -n 80 && exec \"$@\"", "sh")) {
            assertThat(poor.tell("guard", first.toString())).startsWith("unavailable: ");
            // Nothing was kept, neither by the guard that failed nor by the kernel.
            held(first).close();
            assertThat(poor.tell("guard", Integer.toString(window.first()))).isEqualTo("held");
        }
    }

    @Test
    void tooFewDescriptorsDoNotHideThatAPortIsBusy() throws Exception {
        try (OtherProcess poor = OtherProcess.start("sh", "-c", "ulimit -n 80 && exec \"$@\"", "sh");
                PortGuard ours = held(PortSet.of(window.first()))) {
            assertThat(poor.tell("guard", first.toString())).startsWith("busy " + window.first() + ":");
            assertThat(ours.isHeld()).isTrue();
        }
    }

    @RepeatedTest(4)
    void ofTwoThatWantOverlappingRangesExactlyOneWins() throws Exception {
        PortSet second = PortSet.of(PortRange.of(window.first() + WIDE / 2, WIDE));
        try (OtherProcess one = OtherProcess.start();
                OtherProcess other = OtherProcess.start()) {
            // Warm, so that both are in the middle of it at the same time.
            assertThat(one.tell("guard", first.toString())).isEqualTo("held");
            one.tell("release");
            assertThat(other.tell("guard", second.toString())).isEqualTo("held");
            other.tell("release");

            one.say("guard", first.toString());
            other.say("guard", second.toString());
            List<String> answers = List.of(one.answer(), other.answer());

            assertThat(answers).filteredOn("held"::equals).hasSize(1);
            assertThat(answers).filteredOn(answer -> answer.startsWith("busy ")).hasSize(1);
        }
    }

    @Test
    void anotherUserIsRefusedToo(@TempDir Path directory) throws Exception {
        if (!mayBecomeNobody()) {
            // Without privileges there is no second user; then at least a second process of this one is refused.
            anOverlapByOnePortIsRefusedAndItsHolderNamed();
            return;
        }
        String classPath = readableByAll(directory);
        try (PortGuard ours = held(first);
                OtherProcess nobody = OtherProcess.startOn(classPath, AS_NOBODY)) {
            String answer = nobody.tell("guard", first.toString());

            assertThat(answer.split(" ", 0)).hasSize(1 + WIDE);
            assertThat(answer)
                    .as("nobody may not look into this process, so it has no name for it")
                    .startsWith("busy " + window.first() + ":null:null ");
            assertThat(ours.isHeld()).isTrue();
        }
    }

    @Test
    void aPortThatOneMayNotBindIsNotBusy(@TempDir Path directory) throws Exception {
        int privileged = Integer.parseInt(Files.readAllLines(Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start"))
                        .get(0))
                - 1;
        boolean root = succeeds("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "true");
        String[] asNobody =
                root ? new String[] {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"} : new String[0];
        try (OtherProcess other = OtherProcess.startOn(readableByAll(directory), asNobody)) {
            if (privileged < 1) {
                assertThat(other.tell("guard", first.toString())).isEqualTo("held");
            } else {
                assertThat(other.tell("guard", privileged + "," + first)).startsWith("unavailable: ");
                held(first).close();
            }
        }
    }

    @Test
    void anotherNetworkNamespaceIsAnotherPortSpace() throws Exception {
        String own = Kernel.facts(Set.of()).portSpace().toString();
        String[] namespace = succeeds("unshare", "-n", "true") ? new String[] {"unshare", "-n"} : new String[0];
        try (PortGuard ours = held(first);
                OtherProcess other = OtherProcess.start(namespace)) {
            if (namespace.length == 0) {
                assertThat(other.tell("space")).isEqualTo(own);
                assertThat(other.tell("guard", first.toString())).startsWith("busy ");
            } else {
                assertThat(other.tell("space"))
                        .startsWith(own.substring(0, own.indexOf('/')))
                        .isNotEqualTo(own);
                // Not every kernel lends 127.0.0.1 to a namespace whose loopback
                // device is down. That is no news of a port.
                assertThat(other.tell("guard", first.toString())).matches("held|unavailable: .*");
            }
            assertThat(ours.isHeld()).isTrue();
        }
    }

    private static Guarding busy(OtherProcess holder, int port) {
        return new Guarding.Busy(List.of(new BusyPort(port, BusyPort.Protocol.UDP, holder.pid(), "java")));
    }

    private static boolean binds(InetSocketAddress address) throws IOException {
        try (DatagramChannel socket = DatagramChannel.open(StandardProtocolFamily.INET)) {
            socket.bind(address);
            return true;
        } catch (BindException inUse) {
            return false;
        }
    }

    private static List<String> links(int pid) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", Integer.toString(pid), "fd"))) {
            return descriptors.map(PortGuardIT::target).toList();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    private static boolean mayBecomeNobody() throws InterruptedException {
        return succeeds("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "true");
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }

    /** The classes of this module and the contract, copied to where another user may read them. */
    private static String readableByAll(Path directory) throws Exception {
        StringBuilder classPath = new StringBuilder();
        for (Class<?> sample : List.of(PortGuard.class, OtherProcess.class, PortSet.class)) {
            Path source = Path.of(
                    sample.getProtectionDomain().getCodeSource().getLocation().toURI());
            Path target = directory.resolve(sample.getSimpleName());
            if (Files.isRegularFile(source)) {
                Files.copy(source, target);
            } else {
                copy(source, target);
            }
            classPath.append(classPath.isEmpty() ? "" : ":").append(target);
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.toList()) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        return classPath.toString();
    }

    private static void copy(Path source, Path target) throws IOException {
        try (Stream<Path> all = Files.walk(source)) {
            for (Path path : all.toList()) {
                Files.copy(path, target.resolve(source.relativize(path).toString()));
            }
        }
    }
}
