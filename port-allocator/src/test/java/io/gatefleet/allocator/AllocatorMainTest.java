package io.gatefleet.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.runtime.Protection;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class AllocatorMainTest {
    @Test
    void whatIsNotSaidIsTheDefault() {
        assertThat(parse())
                .isEqualTo(AllocatorConfig.defaults()
                        .withReservations(Path.of(System.getProperty("user.home"), ".gatefleet", "reservations.json")));
    }

    @Test
    void everythingCanBeSaid() {
        AllocatorConfig config = parse(
                "--http-host=127.0.0.2",
                "--http-port=0",
                "--pool=20000-21000,22000",
                "--allow-ephemeral",
                "--most-rejects=7",
                "--reservations=/var/lib/gatefleet/r.json",
                "--term=PT1S",
                "--offered=PT2S",
                "--sweep=PT3S",
                "--rest-released=PT4S",
                "--rest-lapsed=PT5S",
                "--rest-busy=PT6S",
                "--recovery=PT7S");

        assertThat(config)
                .isEqualTo(new AllocatorConfig(
                        "127.0.0.2",
                        0,
                        PortSet.parse("20000-21000,22000"),
                        true,
                        7,
                        new AllocatorConfig.Times(
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(4),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(6),
                                Duration.ofSeconds(7)),
                        Path.of("/var/lib/gatefleet/r.json"),
                        Protection.NONE));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --pool=20000-       | ports: 20000-
            --pool=             | pool:
            --http-port=70000   | httpPort: 70000 (expected: 0 to 65535)
            --http-port=http    | --http-port
            --most-rejects=0    | mostRejects: 0 (expected: 1 to 100)
            --term=PT0S         | term: PT0S
            --term=soon         | --term
            --rest-busy=P60D    | rest.busy:
            --colour            | --colour
            """)
    void whatCannotBeUsedIsSaidAndStartsNothing(String argument, String complaint) {
        StringWriter err = new StringWriter();

        int exitCode = new CommandLine(new AllocatorMain())
                .setErr(new PrintWriter(err))
                .execute(argument);

        assertThat(exitCode).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains(complaint);
    }

    @Test
    void helpTeachesEveryOption() {
        StringWriter out = new StringWriter();

        assertThat(new CommandLine(new AllocatorMain())
                        .setOut(new PrintWriter(out))
                        .execute("--help"))
                .isZero();
        assertThat(out.toString()).contains("--pool", "--reservations", "--rest-lapsed", "18789-32767");
    }

    @Test
    void aConfigThatCannotWorkCannotBeMade() {
        assertThatThrownBy(() -> AllocatorConfig.defaults().withPool(PortSet.EMPTY))
                .isInstanceOfSatisfying(
                        BadInput.class, bad -> assertThat(bad.name()).isEqualTo("pool"));
        assertThatThrownBy(() -> AllocatorConfig.defaults().withHttp("127.0.0.1", -1))
                .isInstanceOfSatisfying(
                        BadInput.class, bad -> assertThat(bad.name()).isEqualTo("httpPort"));
    }

    private static AllocatorConfig parse(String... arguments) {
        AllocatorMain main = new AllocatorMain();
        new CommandLine(main).parseArgs(arguments);
        return main.config();
    }
}
