package io.gatefleet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.lease.PortMapView;
import io.gatefleet.contract.lease.ReservationView;
import io.gatefleet.contract.port.PortSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class StrangersNowTest {
    @Test
    void whoCameSinceTheLastRegistrationIsForeignAndWhoWentIsNot() {
        PortMapView told = told("20444-20554,20700,20900-20901", "", gatewayLike(20_444), plain(20_700));

        PortMapView now = StrangersNow.in(told, List.of(plain(20_300), gatewayLike(20_950)));

        assertThat(now.foreign()).as("20900-20901 are guards").hasToString("20300,20900-20901,20950-20999");
        assertThat(now.free()).hasToString("20000-20299,20301-20899,20902-20949");
        assertThat(now.listeners()).extracting(Listener::port).containsExactly(20_300, 20_950);
    }

    @Test
    void whatIsGuardedIsANodesAndWhatIsReservedAloneIsNoGateway() {
        Listener guarded = new Listener(20_100, "::1", 7, "node", true, Listener.Reading.GATEWAY_LIKE);

        PortMapView now = StrangersNow.in(told("", "20500"), List.of(guarded, gatewayLike(20_500)));

        assertThat(now.foreign()).hasToString("20500");
        assertThat(now.listeners()).extracting(Listener::port).containsExactly(20_500);
    }

    private static Listener plain(int port) {
        return new Listener(port, "127.0.0.1", 8, "java", false, Listener.Reading.PLAIN);
    }

    private static Listener gatewayLike(int port) {
        return new Listener(port, "127.0.0.1", 9, "node", false, Listener.Reading.GATEWAY_LIKE);
    }

    private static PortMapView told(String foreign, String reserved, Listener... listeners) {
        PortSet pool = PortSet.parse("20000-20999");
        return new PortMapView(
                new HostId("mill"),
                pool,
                List.of(),
                List.of(),
                reserved.isEmpty() ? List.of() : List.of(new ReservationView("lab", PortSet.parse(reserved), "")),
                PortSet.EMPTY,
                PortSet.parse(foreign),
                List.of(listeners),
                pool.minus(PortSet.parse(foreign)).minus(PortSet.parse(reserved)));
    }
}
