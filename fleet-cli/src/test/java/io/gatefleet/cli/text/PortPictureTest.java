package io.gatefleet.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.PortMapView;
import io.gatefleet.contract.lease.ReservationView;
import io.gatefleet.contract.lease.RestView;
import io.gatefleet.contract.port.PortSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortPictureTest {
    private static final PortSet DEFAULT_POOL = PortSet.parse("18789-32767");

    @Test
    void twoWideGatewaysAreThreeCharactersEachAndTheEmptyRestIsFolded() {
        Lease main = Examples.wide("main", 18789);
        Lease rescue = Examples.wide("rescue", 18900);
        PortMapView view = view(DEFAULT_POOL, List.of(rescue, main), List.of(), List.of(), "", "", List.of());

        assertThat(draw(view)).isEqualTo("""
                Ports of mill: pool 18789-32767, 13979 ports; 222 lent to 2 instances, 13757
                free.

                18789 AAABBB......................................................... 21119
                21120 ............................................................... 23450
                      3 rows of the same
                30444 ............................................................... 32767

                A character is 37 ports: A-Z a lease (small: a part of it), + several, ~ rest,
                # reserved, ! foreign, k the kernel's, . free.

                   PORTS        WHO     WHAT
                A  18789-18899  main    gateway 18789, node 18790, browsers 18800-18899
                B  18900-19010  rescue  gateway 18900, node 18901, browsers 18911-19010
                .  19011-32767  free    13757 ports, room for 123 wide""");
    }

    @Test
    void everythingThatKeepsAPortFromBeingLentIsDrawnAndNamed() {
        PortMapView view = view(
                PortSet.parse("20000-20999"),
                List.of(Examples.wide("main", 20000)),
                List.of(
                        new RestView(
                                PortSet.parse("20111-20221"),
                                RestView.Reason.LAPSED,
                                540_000,
                                Examples.key("acme"),
                                null),
                        new RestView(
                                PortSet.of(20800),
                                RestView.Reason.BUSY,
                                290_000,
                                null,
                                new BusyPort(20800, BusyPort.Protocol.TCP, 411, "nginx"))),
                List.of(new ReservationView("lab", PortSet.parse("20600-20610,20620"), "the office's printers")),
                "20900-20999",
                "20444-20554,20700",
                List.of(
                        new Listener(20444, "127.0.0.1", 4711, "node", false, Listener.Reading.GATEWAY_LIKE),
                        new Listener(20700, "::", null, null, false, Listener.Reading.PLAIN)));

        assertThat(draw(view)).isEqualTo("""
                Ports of mill: pool 20000-20999, 1000 ports; 111 lent to 1 instance, 553 free.

                20000 AAA~~~......!!!.#.!..~..kkkk 20999

                A character is 37 ports: A-Z a lease (small: a part of it), + several, ~ rest,
                # reserved, ! foreign, k the kernel's, . free.

                   PORTS              WHO      WHAT
                A  20000-20110        main     gateway 20000, node 20001, browsers 20011-20110
                ~  20111-20221        acme     rests 9 min more: its node fell silent
                .  20222-20443        free     222 ports, room for 2 wide
                !  20444-20554        foreign  node, pid 4711, listens on 20444; if it is a
                                               gateway, these are its ports
                .  20555-20599        free     45 ports
                #  20600-20610,20620  lab      reserved: the office's printers
                .  20611-20619        free     9 ports
                .  20621-20699        free     79 ports
                !  20700              foreign  a process without a name in /proc listens here
                .  20701-20799        free     99 ports
                ~  20800              -        rests 4 min more: nginx (pid 411) was found here
                .  20801-20899        free     99 ports
                k  20900-20999        kernel   its ephemeral or reserved ports: never lent""");
    }

    @Test
    void denseGatewaysAreOneCharacterEach() {
        PortMapView view = view(
                PortSet.parse("20000-20999"),
                List.of(Examples.dense("main", 20000), Examples.dense("rescue", 20004), Examples.dense("acme", 20010)),
                List.of(),
                List.of(),
                "",
                "",
                List.of());

        assertThat(draw(view))
                .contains("20000 ABcc...")
                .contains("A character is 4 ports")
                .contains("C  20010-20013  acme    gateway 20010, node 20011, browsers 20012-20013");
    }

    @Test
    void aHandRunGatewayBelowThePoolIsDrawnWhereItReachesIntoIt() {
        PortMapView view = view(
                PortSet.parse("18789-18999"),
                List.of(),
                List.of(),
                List.of(),
                "",
                "18789-18810",
                List.of(new Listener(
                        18700, "127.0.0.1", 99, "openclaw-gateway", false, Listener.Reading.GATEWAY_LIKE)));

        assertThat(draw(view)).contains("18789 !..... 18999").contains("""
                        !  18789-18810  foreign  openclaw-gateway, pid 99, listens on 18700; if it is a
                                                 gateway, these are its ports
                        """);
    }

    @Test
    void theMapNeverGrowsWiderThanTheTerminal() {
        for (String pool : List.of("1-65535", "18789-32767", "20000-20062", "5", "100-110,64000-65000")) {
            PortMapView view = view(PortSet.parse(pool), List.of(), List.of(), List.of(), "", "", List.of());
            assertThat(PortPicture.draw(view, Ink.BLACK))
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        }
    }

    @Test
    void longNamesAndScatteredPortsStayWithinTheTerminalToo() {
        StringBuilder scattered = new StringBuilder("20000");
        for (int port = 20_002; port < 20_100; port += 2) {
            scattered.append(',').append(port);
        }
        PortMapView view = view(
                PortSet.parse("20000-29999"),
                List.of(Examples.wide("the-assistant-of-the-second-floor-office", 21_000)),
                List.of(),
                List.of(new ReservationView(
                        "everything-of-the-lab", PortSet.parse(scattered.toString()), "x".repeat(200))),
                "",
                "22000-22110",
                List.of(new Listener(
                        22_000, "::", 4_000_000, "a name of sixty-four characters", false, Listener.Reading.UNKNOWN)));

        List<String> lines = PortPicture.draw(view, Ink.BLACK);

        // A single word that is longer than its column is shown whole: it may be what somebody looks for.
        assertThat(lines).filteredOn(line -> !line.contains("xxx")).allSatisfy(line -> assertThat(line)
                .hasSizeLessThanOrEqualTo(80));
        assertThat(String.join("\n", lines))
                .contains("A  21000-21110              the-assistant-o…  gateway 21000, node 21001,")
                .contains("#  20000,20002,20004,2000…  everything-of-t…  reserved:");
    }

    @Test
    void colourAddsNothingButColour() {
        PortMapView view =
                view(DEFAULT_POOL, List.of(Examples.wide("main", 18789)), List.of(), List.of(), "", "20000", List.of());

        String coloured = String.join("\n", PortPicture.draw(view, Ink.COLOUR));

        assertThat(coloured).contains("\u001b[31m!\u001b[0m");
        assertThat(coloured.replaceAll("\u001b\\[\\d*m", "")).isEqualTo(draw(view));
    }

    private static String draw(PortMapView view) {
        return String.join("\n", PortPicture.draw(view, Ink.BLACK));
    }

    private static PortMapView view(
            PortSet pool,
            List<Lease> leases,
            List<RestView> rests,
            List<ReservationView> reservations,
            String kernel,
            String foreign,
            List<Listener> listeners) {
        PortSet free = pool.minus(PortSet.parse(kernel)).minus(PortSet.parse(foreign));
        for (Lease lease : leases) {
            free = free.minus(lease.ports());
        }
        for (RestView rest : rests) {
            free = free.minus(rest.ports());
        }
        for (ReservationView reservation : reservations) {
            free = free.minus(reservation.ports());
        }
        return new PortMapView(
                Examples.MILL,
                pool,
                leases,
                rests,
                reservations,
                PortSet.parse(kernel),
                PortSet.parse(foreign),
                listeners,
                free);
    }
}
