package io.gatefleet.cli;

import io.gatefleet.cli.text.DoctorText;
import io.gatefleet.contract.BadInput;
import io.gatefleet.doctor.DoctorReport;
import io.gatefleet.doctor.census.Census;
import io.gatefleet.doctor.host.HostReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gatefleet doctor}: finds gateways that were set up by hand, and says what is wrong with them. */
@Command(
        name = "doctor",
        header = "Finds gateways that were set up by hand, and what is wrong with them.",
        description = {
            "",
            "Looks for OpenClaw, Clawdbot and OmniClaw gateways on this machine: state directories, systemd units,"
                    + " processes, listening ports. Computes which ports each one uses, now and after more browser profiles,"
                    + " and reports what collides, leaks or stands open, each with its evidence and the command that mends"
                    + " it.",
            "",
            "Needs no fleet, and only reads: nothing is changed, started, stopped or connected to. As root it looks into"
                    + " every home; as anybody else into your own, and says what it could not see. Tokens are never"
                    + " printed.",
            "",
            "Examples:",
            "  gatefleet doctor",
            "  gatefleet doctor --json | jq -r '.findings[].fix[]'",
            "  sudo gatefleet doctor --user-home /srv/bots",
        },
        exitCodeList = {
            "0:nothing that should be mended",
            "1:a finding that is a warning or worse",
            "2:could not look",
            "70:a fault of Gatefleet itself"
        })
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private Screen screen = new Screen();

    @Option(
            names = "--user-home",
            paramLabel = "DIR",
            description =
                    "A home directory to look into instead; may be repeated. Processes, and the system's own units, are"
                            + " looked at in any case.")
    private List<Path> homes = new ArrayList<>();

    @Override
    public Integer call() {
        for (Path home : homes) {
            if (!Files.isDirectory(home)) {
                throw new BadInput("--user-home", home, "a directory");
            }
        }
        DoctorReport report = DoctorReport.of(look());
        if (screen.wantsJson()) {
            screen.printJson(report);
        } else {
            screen.print(DoctorText.of(report, Screen.ink()));
        }
        // A note is no fault: who scripts this wants to be woken for something.
        return report.isClean() ? Exit.OK : Exit.NO;
    }

    private Census look() {
        List<String> absolute = homes.stream()
                .map(home -> home.toAbsolutePath().normalize().toString())
                .toList();
        try {
            return HostReader.ofThisHost(absolute).census();
        } catch (UncheckedIOException unreadable) {
            throw new CannotGoOn(Exit.CANNOT_ASK, String.valueOf(unreadable.getMessage()), "");
        }
    }
}
