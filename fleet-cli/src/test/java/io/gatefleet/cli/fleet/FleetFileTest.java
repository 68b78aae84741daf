package io.gatefleet.cli.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    @Test
    void whatIsWrittenIsReadAndGoneAfterwards() throws IOException {
        FleetFile fleet = fleet(ProcessHandle.current().pid());

        fleet.write(home);
        assertThat(FleetFile.read(home)).contains(fleet);
        FleetFile.remove(home);

        assertThat(FleetFile.read(home)).isEmpty();
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void aFileThatNobodyCanReadIsNoFleet() throws IOException {
        Files.writeString(home.resolve("fleet.json"), "{\"pid\":");

        assertThat(FleetFile.read(home)).isEmpty();
    }

    @Test
    void fieldsOfANewerBuildAreIgnored() throws IOException {
        fleet(1).write(home);
        Path file = home.resolve("fleet.json");
        Files.writeString(file, Files.readString(file).replaceFirst("\\{", "{\"weather\":\"fair\","));

        assertThat(FleetFile.read(home)).contains(fleet(1));
    }

    @Test
    void aFleetWhoseProcessIsGoneIsNotAlive() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();

        assertThat(fleet(gone.pid()).alive()).isFalse();
        assertThat(fleet(ProcessHandle.current().pid()).alive()).isTrue();
    }

    private static FleetFile fleet(long pid) {
        return new FleetFile(
                pid,
                "2026-11-20T10:00:00Z",
                "0.1.0",
                new HostId("mill"),
                "http://127.0.0.1:1",
                "http://127.0.0.1:2",
                "http://127.0.0.1:3",
                List.of(new InstanceId("main")));
    }
}
