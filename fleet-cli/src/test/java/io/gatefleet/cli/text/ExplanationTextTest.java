package io.gatefleet.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.lease.PortExplanation;
import io.gatefleet.contract.lease.PortExplanation.Use;
import io.gatefleet.contract.lease.ReservationView;
import io.gatefleet.contract.lease.RestView;
import io.gatefleet.contract.port.PortSet;
import org.junit.jupiter.api.Test;

class ExplanationTextTest {
    @Test
    void aLeaseIsNamedWithItsHolderAndThePortsRole() {
        PortExplanation port = new PortExplanation(
                Examples.MILL,
                18805,
                Use.LEASE,
                "Port 18805 of mill is lent to main as cdp 6 (18800 to 18899 are for its browsers).",
                Examples.wide("main", 18789),
                "cdp 6",
                null,
                null,
                null);

        assertThat(text(port)).isEqualTo("""
                Port 18805 of mill is lent to main as cdp 6 (18800 to 18899 are for its
                browsers).

                  lease of     mill/main
                  role         cdp 6
                  ports        18789-18899, base 18789
                  layout       openclaw-2026.7.1-wide
                  state        confirmed
                  fence        41, incarnation 3""");
    }

    @Test
    void aStrangerIsNamedWithWhatOneCanDo() {
        PortExplanation port = new PortExplanation(
                Examples.MILL,
                20805,
                Use.FOREIGN,
                "A stranger listens there.",
                null,
                null,
                null,
                null,
                new Listener(20805, "127.0.0.1", 411, "nginx", false, Listener.Reading.PLAIN));

        assertThat(text(port)).isEqualTo("""
                A stranger listens there.

                  listener     nginx (pid 411) on 127.0.0.1 port 20805

                To have it back, stop that process; to keep Gatefleet off it for good:
                ./gatefleet reserve NAME 20805 --host mill""");
    }

    @Test
    void aRestSaysForHowLongAndWhoWasFoundThere() {
        PortExplanation port = new PortExplanation(
                Examples.MILL,
                20800,
                Use.REST,
                "It rests.",
                null,
                null,
                new RestView(
                        PortSet.of(20800),
                        RestView.Reason.BUSY,
                        290_000,
                        Examples.key("main"),
                        new BusyPort(20800, BusyPort.Protocol.TCP, null, null)),
                null,
                null);

        assertThat(text(port)).isEqualTo("""
                It rests.

                  at rest      20800
                  for          4 min more
                  it was of    mill/main
                  found there  a process without a name in /proc on tcp 20800

                It can be lent again when the rest ends; nothing is to be done.""");
    }

    @Test
    void aReservationSaysHowToEndIt() {
        PortExplanation port = new PortExplanation(
                Examples.MILL,
                20800,
                Use.RESERVATION,
                "It is reserved.",
                null,
                null,
                null,
                new ReservationView("lab", PortSet.parse("20800-20810"), "printers"),
                null);

        assertThat(text(port))
                .contains("""
                  reservation  lab of 20800-20810
                  because      printers
                """)
                .endsWith("To give it back to the pool: ./gatefleet unreserve lab --host mill");
    }

    @Test
    void whatIsFreeNeedsNoMoreThanTheSentence() {
        PortExplanation port = new PortExplanation(
                Examples.MILL, 20800, Use.FREE, "Port 20800 is free.", null, null, null, null, null);

        assertThat(text(port)).isEqualTo("Port 20800 is free.");
    }

    private static String text(PortExplanation port) {
        return String.join("\n", ExplanationText.of(port));
    }
}
