package io.gatefleet.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.node.InstanceLock.Locking;
import io.gatefleet.node.gateway.InstanceHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceLockTest {
    @TempDir
    private Path directory = Path.of("");

    private InstanceHome home = new InstanceHome(directory);

    @BeforeEach
    void create() throws IOException {
        home = InstanceHome.of(directory, new InstanceId("main"));
        home.create();
    }

    @Test
    void aSecondNodeOfTheSameHomeIsToldWhoRunsIt() throws Exception {
        Process other = holder();
        try {
            assertThat(InstanceLock.take(home)).isEqualTo(new Locking.AlreadyRunning(OptionalLong.of(other.pid())));
            // To say so must not have cost the other one its lock.
            assertThat(InstanceLock.take(home)).isInstanceOf(Locking.AlreadyRunning.class);
        } finally {
            other.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        assertThat(InstanceLock.take(home)).isInstanceOfSatisfying(Locking.Taken.class, taken -> closed(taken.lock()));
    }

    @Test
    void aSecondNodeInTheSameProcessIsToldToo() throws IOException {
        Locking first = InstanceLock.take(home);
        assertThat(first).isInstanceOf(Locking.Taken.class);

        assertThat(InstanceLock.take(home))
                .isEqualTo(new Locking.AlreadyRunning(
                        OptionalLong.of(ProcessHandle.current().pid())));

        closed(((Locking.Taken) first).lock());
        assertThat(InstanceLock.take(home)).isInstanceOfSatisfying(Locking.Taken.class, taken -> closed(taken.lock()));
    }

    @Test
    void anUnwrittenPidIsUnknown() throws Exception {
        Process other = holder();
        try {
            Files.writeString(home.root().resolve("node.pid"), "");
            assertThat(InstanceLock.take(home)).isEqualTo(new Locking.AlreadyRunning(OptionalLong.empty()));
        } finally {
            other.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    private Process holder() throws IOException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        home.root().toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.inputReader().readLine()).isEqualTo("locked");
        return process;
    }

    private static void closed(InstanceLock lock) {
        try {
            lock.close();
        } catch (IOException trouble) {
            throw new AssertionError(trouble);
        }
    }

    /** Takes the lock, and ends when its parent does. */
    static final class Holder {
        public static void main(String[] home) throws IOException {
            Locking locking = InstanceLock.take(new InstanceHome(Path.of(home[0])));
            System.out.println(locking instanceof Locking.Taken ? "locked" : locking.toString());
            while (System.in.read() >= 0) {
                // Until the parent's end of the pipe is closed.
            }
        }
    }
}
