package io.gatefleet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class GatefleetTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            explain 0                        | port: 0 (expected: a port, 1 to 65535)
            explain 65536                    | port: 65536 (expected: a port, 1 to 65535)
            explain twelve                   | port: twelve (expected: a port, 1 to 65535)
            explain Mill 80                  | host: Mill (expected: a lower-case RFC 1123 name
            explain mill 80 90               | parameters: mill 80 90 (expected: [HOST] PORT)
            explain                          | Missing required parameter
            ports Mill_1                     | Mill_1 (expected: a lower-case RFC 1123 name
            plan --layout fat                | '--layout': fat (expected: wide or dense)
            plan --profiles many             | '--profiles': many (expected: a whole number)
            plan --layout dense --profiles 101 | --profiles: 101 (expected: 0 to 100)
            plan --profiles 2                | --profiles: 2 (expected: only with --layout dense
            plan --flavor openclow           | '--flavor': openclow (expected: openclaw, clawdbot, omniclaw or simulated)
            plan --instance Main             | '--instance': Main (expected: 1 to 40 of a-z, 0-9 and -
            capacity --layout dense --profiles -1 | --profiles: -1 (expected: 0 to 100)
            up --instances Main              | '--instances' (NAMES): Main (expected: 1 to 40 of a-z, 0-9 and -
            up --instances main,main         | --instances: [main, main] (expected: at least one name, each once
            up --instances main=chrome       | chrome (expected: openclaw, clawdbot, omniclaw or simulated)
            up --instances old=openclaw@     | old=openclaw@ (expected: NAME=FLAVOR@VERSION, for example old=openclaw@2026.3.2)
            up --flavor chrome               | '--flavor': chrome (expected: openclaw, clawdbot, omniclaw or simulated)
            up --layout fat                  | '--layout': fat (expected: wide or dense)
            up --profiles 2                  | --profiles: 2 (expected: only with --layout dense
            up --layout dense --profiles 0   | --profiles: 0 (expected: 1 to 100)
            up --pass 1KEY                   | passed: 1KEY (expected: names of environment variables)
            up --pool 70000-80000            | 70000
            up --pool 20000-19000            | 20000-19000 (expected: FIRST-LAST with 1 <= FIRST <= LAST <= 65535)
            up --pool 20000-20050            | --pool: 20000-20050 (expected: room for a gateway of 111 ports
            up --host Mill                   | '--host': Mill (expected: a lower-case RFC 1123 name
            up --registry-port 70000         | --registry-port: 70000 (expected: 0 to 65535
            up --registry-port x             | '--registry-port': x (expected: a whole number)
            up --registry-port 7801          | three different ports
            up --registry-port 19000         | --registry-port: 19000 (expected: a port outside the pool 18789-32767
            reserve Lab 80                   | Lab (expected: 1 to 40 of a-z, 0-9 and -
            reserve lab 80-70                | 80-70 (expected: FIRST-LAST with 1 <= FIRST <= LAST <= 65535)
            reserve lab 70000                | 70000
            reserve lab x                    | x (expected: ports and ranges, for example 8080,18789-18899)
            reserve lab                      | Missing required parameter: 'PORTS'
            status --health mill:7802        | '--health': mill:7802 (expected: a URL, for example http://127.0.0.1:7800)
            doctor --user-home /proc/none    | --user-home: /proc/none (expected: a directory)
            status --label a=(               | label: a=(, at character 3 (expected: KEY, !KEY
            status --helth                   | Unknown option: '--helth'
            restart                          | INSTANCE: absent (expected: one instance, or --all)
            stop main --all                  | INSTANCE and --all
            drain Main                       | Main (expected: 1 to 40 of a-z, 0-9 and -
            maintenance main                 | on|off
            maintenance perhaps main         | perhaps
            logs                             | Missing required parameter: 'INSTANCE'
            logs main --lines 501            | lines: 501 (expected: 1 to 500)
            cordon main --deadline 0         | deadlineMillis: 0 (expected: 1000 to 3600000)
            uncordon main --id short         | id: short (expected: 8 to 64
            stauts                           | Unmatched argument at index 0: 'stauts'
            """)
    void badInputIsNamedWithItsValueAndWhatWasExpected(String words, String complaint) {
        int exitCode = run(words);

        assertThat(err.toString()).startsWith("gatefleet: ").contains(complaint);
        assertThat(exitCode).isEqualTo(Exit.CANNOT_ASK);
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "status",
        "explain 80",
        "ports",
        "plan",
        "capacity",
        "reserve lab 80",
        "unreserve lab",
        "restart main",
        "logs main"
    })
    void withoutAFleetTheNextStepIsSaid(String words) {
        int exitCode = run(words + " --home " + home);

        assertThat(err.toString()).contains("no fleet runs in " + home, "Start it with ./gatefleet up");
        assertThat(exitCode).isEqualTo(Exit.CANNOT_ASK);
    }

    @Test
    void aMisspeltCommandIsAnsweredWithTheRightOne() {
        run("stauts");

        assertThat(err.toString()).contains("Did you mean: ", "gatefleet status");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandTeachesWithExamplesAndExitCodes(String command) {
        int exitCode = run(command + " --help");

        assertThat(exitCode).isZero();
        assertThat(out.toString()).contains("Example", "gatefleet " + command, "Exit codes:", "--help");
        assertThat(out.toString().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    static List<String> commands() {
        List<String> names =
                new ArrayList<>(Gatefleet.commandLine().getSubcommands().keySet());
        names.remove("help");
        return names;
    }

    private int run(String words) {
        CommandLine line = Gatefleet.commandLine();
        line.setUsageHelpAutoWidth(false);
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return line.execute(words.split(" ", -1));
    }
}
