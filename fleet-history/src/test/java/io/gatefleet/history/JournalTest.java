package io.gatefleet.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal on a real disk. */
class JournalTest {
    private static final InstanceKey MAIN = new InstanceKey(new HostId("mill"), new InstanceId("main"));
    private static final Event SAID = new Event.Refused(MAIN, "pool-exhausted");

    @TempDir
    private Path directory = Path.of("");

    @Test
    void aLineHasWriterNumberBootAndTime() throws IOException {
        long before = System.nanoTime();
        try (Journal journal = Journal.open(file(), "node a", "1.0", Keeping.SMALL)) {
            journal.write(SAID);
        }

        List<Line> lines = lines(file());
        assertThat(lines).extracting(Line::seq).containsExactly(1L, 2L);
        assertThat(lines).extracting(Line::writer).containsOnly("node a");
        assertThat(lines).extracting(Line::event).containsExactly(new Event.Began("1.0"), SAID);
        assertThat(lines.get(1).nanos()).isBetween(lines.get(0).nanos(), System.nanoTime());
        assertThat(lines.get(0).nanos()).isGreaterThanOrEqualTo(before);
        assertThat(lines.get(0).boot())
                .isEqualTo(Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                        .strip());
    }

    @Test
    void manyThreadsGetNumbersWithoutGapsInTheOrderOfTime() throws Exception {
        int threads = 8;
        int each = 500;
        CountDownLatch go = new CountDownLatch(1);
        try (Journal journal = Journal.open(file(), "node a", "1.0", Keeping.SMALL)) {
            List<Thread> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Thread thread = new Thread(() -> {
                    try {
                        go.await();
                    } catch (InterruptedException told) {
                        return;
                    }
                    for (int n = 0; n < each; n++) {
                        journal.write(SAID);
                    }
                });
                thread.start();
                all.add(thread);
            }
            go.countDown();
            for (Thread thread : all) {
                thread.join();
            }
        }

        List<Line> lines = lines(file());
        assertThat(lines)
                .extracting(Line::seq)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 1L + (long) threads * each)
                        .boxed()
                        .toList());
        assertThat(lines).extracting(Line::nanos).isSorted();
    }

    @Test
    void aFileThatHasGrownMakesRoomAndTheOldestGoes() throws IOException {
        try (Journal journal = Journal.open(file(), "node a", "1.0", new Keeping(64 << 10, 3, true))) {
            for (int i = 0; i < 5_000; i++) {
                journal.write(SAID);
            }
        }

        assertThat(directory.toFile().list())
                .allMatch(name -> name.matches("guard\\.jsonl(\\.[12]|\\.lock)?"))
                .hasSizeBetween(3, 4);
        List<Line> kept = lines(directory.resolve("guard.jsonl.1"));
        assertThat(kept.get(0).seq()).isGreaterThan(1);
        assertThat(Files.size(directory.resolve("guard.jsonl.1"))).isBetween(64L << 10, 700L << 10);
    }

    @Test
    void whoeverWritesAfterAKilledWriterBeginsALineOfItsOwn() throws IOException {
        Files.writeString(file(), "{\"writer\":\"node a\",\"se");

        Journal.open(file(), "node b", "1.0", Keeping.SMALL).close();

        List<String> lines = Files.readAllLines(file());
        assertThat(lines).hasSize(2);
        assertThat(Wire.LENIENT
                        .read(lines.get(1).getBytes(StandardCharsets.UTF_8), Line.class)
                        .writer())
                .isEqualTo("node b");
    }

    @Test
    void linesThatTheDiskDoesNotTakeAreCountedAndSaidLater() throws IOException {
        // A directory in the file's place.
        Files.createDirectories(file().resolve("in-the-way"));
        try (Journal journal = Journal.open(file(), "node a", "1.0", Keeping.SMALL)) {
            awaitMissed(journal);
            Files.delete(file().resolve("in-the-way"));
            Files.delete(file());
            journal.write(SAID);
        }

        List<Line> lines = lines(file());
        assertThat(lines.get(0).event()).isEqualTo(new Event.Missed(1));
        assertThat(lines.get(0).seq()).isEqualTo(2);
        assertThat(lines.get(1).event()).isEqualTo(SAID);
    }

    @Test
    void aSecondWriterOfTheSameFileIsRefusedAndTheFirstWritesOn() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("other-name.jsonl"), file());
        try (Journal journal = Journal.open(file(), "node a", "1.0", Keeping.SMALL)) {
            await(() -> Files.exists(file()));
            for (Path name : List.of(file(), link, directory.resolve("x/../guard.jsonl"))) {
                Files.createDirectories(directory.resolve("x"));
                assertThatThrownBy(() -> Journal.open(name, "node b", "1.0", Keeping.SMALL))
                        .isInstanceOf(FileInUse.class)
                        .hasMessageContaining(name.toString())
                        .hasMessageContaining(
                                "process " + ProcessHandle.current().pid());
            }
            journal.write(SAID);
        }
        assertThat(lines(file())).extracting(Line::writer).containsOnly("node a");

        Journal.open(file(), "node b", "1.0", Keeping.SMALL).close();
        assertThat(lines(file())).extracting(Line::writer).endsWith("node b");
    }

    @Test
    void anotherProcessIsRefusedWithThePidOfTheHolderAlsoAfterTheFilesMovedOn() throws Exception {
        Keeping small = new Keeping(64 << 10, 3, false);
        try (WriterProcess holder = WriterProcess.start(file())) {
            holder.say("write 2000");
            await(() -> Files.exists(directory.resolve("guard.jsonl.1")));

            // What is refused must not free the lock by closing what it opened: it is refused again.
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> Journal.open(file(), "node b", "1.0", small))
                        .isInstanceOf(FileInUse.class)
                        .hasMessage("%s is being written by process %d (expected: a file of this process alone)"
                                .formatted(file(), holder.pid()));
            }
        }
        // Killed, and not a moment later: the kernel frees the lock.
        Journal.open(file(), "node b", "1.0", small).close();
    }

    @Test
    void whatWasWrittenStaysWhenItsProcessIsKilled() throws Exception {
        try (WriterProcess writer = WriterProcess.start(file())) {
            writer.say("write 50");
            await(() -> Files.exists(file()) && Files.readAllLines(file()).size() == 51);
        }

        assertThat(lines(file())).extracting(Line::seq).hasSize(51).doesNotHaveDuplicates();
    }

    @Test
    void nobodyElseCanReadIt() throws IOException {
        Journal.open(directory.resolve("new/guard.jsonl"), "node a", "1.0", Keeping.SMALL)
                .close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("new/guard.jsonl"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(directory.resolve("new/guard.jsonl.lock"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("new"))))
                .isEqualTo("rwx------");
    }

    private Path file() {
        return directory.resolve("guard.jsonl");
    }

    private static List<Line> lines(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(text -> Wire.LENIENT.read(text.getBytes(StandardCharsets.UTF_8), Line.class))
                .toList();
    }

    private static void awaitMissed(Journal journal) {
        await(() -> journal.missed() > 0);
    }

    private static void await(Callable<Boolean> condition) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        try {
            while (!condition.call()) {
                assertThat(System.nanoTime()).as("it came in time").isLessThan(deadline);
                Thread.onSpinWait();
            }
        } catch (Exception cause) {
            throw new AssertionError(cause);
        }
    }
}
