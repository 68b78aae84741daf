package io.gatefleet.runtime.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.bus.Wire;
import io.gatefleet.history.FileInUse;
import io.gatefleet.history.Keeping;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An audit log on a real disk. */
class AuditLogTest {
    private static final AuditEntry ASKED = new AuditEntry(
            "maria", "10.0.0.7", "command-asked", "mill/main", "asked", Map.of("kind", "restart", "reason", "slow"));

    @TempDir
    private Path directory = Path.of("");

    @Test
    void anEntryIsOneLineWithTimeServiceAndEverythingThatWasSaid() throws IOException {
        Clock noon = Clock.fixed(Instant.parse("2026-11-28T12:00:00.123456Z"), ZoneOffset.UTC);
        try (AuditLog audit = AuditLog.open(file(), "registry-service", AuditLog.KEEPING, noon)) {
            audit.write(ASKED);
        }

        assertThat(Files.readString(file()))
                .isEqualTo("{\"action\":\"command-asked\",\"at\":\"2026-11-28T12:00:00.123Z\","
                        + "\"facts\":{\"kind\":\"restart\",\"reason\":\"slow\"},\"from\":\"10.0.0.7\","
                        + "\"outcome\":\"asked\",\"service\":\"registry-service\",\"subject\":\"mill/main\","
                        + "\"who\":\"maria\"}\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void itGoesOnWhereTheLastProcessStopped() throws IOException {
        for (int life = 0; life < 3; life++) {
            try (AuditLog audit = AuditLog.open(file(), "registry-service")) {
                audit.write(ASKED);
            }
        }

        assertThat(Files.readAllLines(file())).hasSize(3);
    }

    @Test
    void itStaysAsLargeAsItMayBe() throws IOException {
        Keeping small = new Keeping(64 << 10, 3, false);
        try (AuditLog audit = AuditLog.open(file(), "registry-service", small, Clock.systemUTC())) {
            for (int i = 0; i < 5_000; i++) {
                audit.write(ASKED);
            }
        }

        try (Stream<Path> files = Files.list(directory)) {
            List<Path> kept =
                    files.filter(file -> !file.toString().endsWith(".lock")).toList();
            assertThat(kept).hasSizeBetween(2, 3);
            long bytes = 0;
            for (Path one : kept) {
                bytes += Files.size(one);
            }
            // A batch is written as a whole: a file may grow by one beyond its size.
            assertThat(bytes).isLessThan(3 * (64 << 10) + 3 * 500 * 300);
        }
    }

    @Test
    void aSecondWriterOfTheSameFileIsRefusedUntilTheFirstIsDone() throws IOException {
        try (AuditLog audit = AuditLog.open(file(), "registry-service")) {
            assertThatThrownBy(() -> AuditLog.open(file(), "health-aggregator"))
                    .isInstanceOf(FileInUse.class)
                    .hasMessage("%s is being written by process %d (expected: a file of this process alone)"
                            .formatted(file(), ProcessHandle.current().pid()));
            audit.write(ASKED);
        }

        AuditLog.open(file(), "health-aggregator").close();
        assertThat(Files.readAllLines(file())).hasSize(1);
    }

    @Test
    void whatTheDiskDoesNotTakeIsCountedInTheNextLine() throws Exception {
        Files.createDirectory(file());
        try (AuditLog audit = AuditLog.open(file(), "registry-service")) {
            audit.write(ASKED);
            audit.write(ASKED);
            Awaitility.await().until(() -> audit.missed() == 2);
            Files.delete(file());
            audit.write(ASKED);
        }

        List<JsonObject> lines =
                Files.readAllLines(file()).stream().map(JsonObject::new).toList();
        assertThat(lines)
                .extracting(line -> line.getString("action"))
                .containsExactly("entries-missed", "command-asked");
        assertThat(lines.get(0).getJsonObject("facts").getString("count")).isEqualTo("2");
    }

    @Test
    void strangeTextsAreCutAndKeptToOneLine() {
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            many.put("fact" + i, "x".repeat(10_000));
        }
        AuditEntry entry = new AuditEntry("a\nb\u001b[31m", null, "refused", "/v1/x", "refused", many);

        assertThat(entry.who()).isEqualTo("a b [31m");
        assertThat(entry.facts()).hasSize(16).allSatisfy((name, value) -> assertThat(value)
                .hasSize(301));
        assertThat(Wire.STRICT.write(entry).toString()).doesNotContain("\\n");
    }

    @Test
    void nothingIsWrittenWhereNobodyWantedALog() {
        AuditLog.NONE.write(ASKED);
        AuditLog.NONE.close();

        assertThat(directory).isEmptyDirectory();
    }

    private Path file() {
        return directory.resolve("audit.jsonl");
    }
}
