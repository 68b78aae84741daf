package io.gatefleet.contract.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.vertx.core.buffer.Buffer;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandRecordsTest {
    private static final InstanceKey MAIN = new InstanceKey(new HostId("mill"), new InstanceId("main"));
    private static final CommandId ID = new CommandId("c0ffee00");

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "with space", "../../../etc", "line\nline-line", "ÄÖÜäöüßß"})
    void anIdThatCannotStandInAPathIsRefused(String text) {
        assertThatThrownBy(() -> new CommandId(text))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("8 to 64");
    }

    @Test
    void noTwoRandomIdsAreTheSame() {
        assertThat(Stream.generate(CommandId::random).limit(1000).distinct()).hasSize(1000);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            an unknown kind       | {"order":{"kind":"reboot"},"askedBy":"m"}                              | order.kind: reboot (expected: one of restart, stop,
            no kind               | {"order":{},"askedBy":"m"}                                             | order.kind: absent (expected: one of restart, stop,
            too many lines        | {"order":{"kind":"log-tail","lines":501},"askedBy":"m"}                | order.lines
            no lines              | {"order":{"kind":"log-tail","lines":0},"askedBy":"m"}                  | order.lines
            lines of a restart    | {"order":{"kind":"restart","lines":1},"askedBy":"m"}                   | lines
            nobody asks           | {"order":{"kind":"stop"}}                                              | askedBy
            a blank name          | {"order":{"kind":"stop"},"askedBy":" "}                                | askedBy
            a line break in it    | {"order":{"kind":"stop"},"askedBy":"a\\nb"}                            | askedBy
            a deadline too short  | {"order":{"kind":"stop"},"askedBy":"m","deadlineMillis":999}           | deadlineMillis
            a deadline too long   | {"order":{"kind":"stop"},"askedBy":"m","deadlineMillis":3600001}       | deadlineMillis
            maintenance of what   | {"order":{"kind":"maintenance"},"askedBy":"m"}                         | on
            """)
    void whatCannotBeMeantIsRefusedByName(String why, String json, String name) {
        assertThatThrownBy(() -> Wire.STRICT.read(Buffer.buffer(json), WantedCommand.class))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining(name);
    }

    @Test
    void aReasonHasRoomFor200Characters() {
        assertThat(new WantedCommand(new Order.Stop(), "m", "x".repeat(200), null).reason())
                .hasSize(200);
        assertThatThrownBy(() -> new WantedCommand(new Order.Stop(), "m", "x".repeat(201), null))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("reason");
    }

    @Test
    void withoutADeadlineTheNodeHas30Seconds() {
        assertThat(new WantedCommand(new Order.Stop(), "m", null, null).of(ID, MAIN))
                .isEqualTo(new Command(ID, MAIN, new Order.Stop(), "m", null, 30_000));
    }

    static Stream<List<String>> tooMuch() {
        return Stream.of(Collections.nCopies(501, ""), Collections.nCopies(3, "x".repeat(64 * 1024)));
    }

    @ParameterizedTest
    @MethodSource("tooMuch")
    void aLogThatIsTooLongIsRefused(List<String> log) {
        assertThatThrownBy(() -> new CommandResult.Done("", log)).isInstanceOf(BadInput.class);
    }

    @Test
    void whatAGatewayPrintedIsNotInTheTextForm() {
        assertThat(new CommandResult.Done("1 line", List.of("token=abc")).toString())
                .doesNotContain("abc")
                .contains("1 lines");
    }

    @Test
    void sentencesOfNodesAreShortened() {
        assertThat(new CommandResult.Failed("x".repeat(10_000)).said()).hasSize(500);
    }

    @Test
    void aResultAndAnEndGoTogether() {
        Command command = new Command(ID, MAIN, new Order.Stop(), "m", null, 1);

        assertThatThrownBy(() -> new CommandView(command, CommandView.State.ENDED, null, 0))
                .isInstanceOf(BadInput.class);
        assertThatThrownBy(() -> new CommandView(command, CommandView.State.ASKED, new CommandResult.Unknown("?"), 0))
                .isInstanceOf(BadInput.class);
    }
}
