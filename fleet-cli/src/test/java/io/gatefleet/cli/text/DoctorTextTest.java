package io.gatefleet.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.doctor.DoctorReport;
import io.gatefleet.doctor.DoctorReport.Entry;
import io.gatefleet.doctor.DoctorReport.Found;
import io.gatefleet.doctor.DoctorReport.Use;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DoctorTextTest {
    @Test
    void gatewaysComeFirstThenFindingsWithEvidenceAndTheCommandThatMends() {
        DoctorReport report = new DoctorReport(
                List.of(gateway("openclaw", 18_789, 812), gateway("openclaw:rescue", 18_809, null)),
                List.of(
                        new Entry(
                                "tab-leak",
                                "critical",
                                "likely",
                                List.of("openclaw", "openclaw:rescue"),
                                List.of(
                                        "port 18820: openclaw, 20 more browser profiles; openclaw:rescue, browser profile"
                                                + " \"openclaw\""),
                                "After 20 more browser profiles, openclaw attaches to the Chrome of openclaw:rescue on port"
                                        + " 18820.",
                                List.of("openclaw --profile rescue config set gateway.port 18900")),
                        new Entry(
                                "mode-too-open",
                                "warning",
                                null,
                                List.of("openclaw"),
                                List.of("/home/ada/.openclaw: mode 0755 (expected: 0700)"),
                                "Other users can see what is in its state.",
                                List.of("chmod 700 /home/ada/.openclaw"))),
                List.of("/home/bob may not be listed"));

        assertThat(draw(report)).isEqualTo("""
                2 gateways were found: 1 critical, 1 warning.

                GATEWAY          VERSION    BASE  PORTS NOW    LATER        RUNS
                openclaw         2026.9.6  18789  18789,18800  18801-18899  pid 812
                openclaw:rescue  2026.9.6  18809  18809,18820  18821-18919  no

                critical: tab-leak (likely): openclaw, openclaw:rescue
                    After 20 more browser profiles, openclaw attaches to the Chrome of
                    openclaw:rescue on port 18820.
                    seen: port 18820: openclaw, 20 more browser profiles; openclaw:rescue,
                          browser profile "openclaw"
                    fix:  openclaw --profile rescue config set gateway.port 18900

                warning: mode-too-open: openclaw
                    Other users can see what is in its state.
                    seen: /home/ada/.openclaw: mode 0755 (expected: 0700)
                    fix:  chmod 700 /home/ada/.openclaw

                not seen: /home/bob may not be listed""");
    }

    @Test
    void nothingWrongAndNothingThereAreSaidInOneSentence() {
        assertThat(draw(new DoctorReport(List.of(), List.of(), List.of())))
                .isEqualTo("No gateway was found: no state directory, no unit, no process.");
        assertThat(draw(new DoctorReport(List.of(gateway("openclaw", 18_789, 1)), List.of(), List.of())))
                .startsWith("1 gateway was found: nothing is wrong.\n");
    }

    @Test
    void whatATerminalWouldObeyIsNotPrinted() {
        Entry finding = new Entry(
                "config-broken",
                "warning",
                null,
                List.of("a\u001b[2Jb"),
                List.of("/tmp/\u001b[2J"),
                "It\u0007s.",
                List.of("vi '/tmp/\n\u001b[2J'"));

        String text = draw(new DoctorReport(List.of(), List.of(finding), List.of("\u001b]0;x")));

        assertThat(text).contains("/tmp/\uFFFD[2J", "vi '/tmp/\uFFFD\uFFFD[2J'").doesNotContain("\u001b", "\u0007");
    }

    @Test
    void colourAddsNothingButColour() {
        DoctorReport report = new DoctorReport(
                List.of(gateway("openclaw", 18_789, 1)),
                List.of(new Entry("same-base", "critical", "certain", List.of("a"), List.of(), "b", List.of())),
                List.of());

        String coloured = String.join("\n", DoctorText.of(report, Ink.COLOUR));

        assertThat(coloured).contains("\u001b[31mcritical\u001b[0m: same-base: a");
        assertThat(coloured.replaceAll("\u001b\\[\\d*m", "")).isEqualTo(draw(report));
    }

    private static String draw(DoctorReport report) {
        return String.join("\n", DoctorText.of(report, Ink.BLACK));
    }

    private static Found gateway(String name, int base, @Nullable Integer pid) {
        return new Found(
                name,
                Flavor.OPENCLAW,
                "2026.9.6",
                "ada",
                "/home/ada/.openclaw",
                "/home/ada/.openclaw/openclaw.json",
                null,
                pid,
                base,
                "config",
                "/home/ada/.openclaw/openclaw.json: gateway.port",
                List.of(
                        new Use(base, "gateway", "the gateway itself"),
                        new Use(base + 11, "cdp", "browser profile \"openclaw\"")),
                PortSet.parse((base + 12) + "-" + (base + 110)),
                "hand");
    }
}
