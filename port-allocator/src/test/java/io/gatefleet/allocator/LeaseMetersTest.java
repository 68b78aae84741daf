package io.gatefleet.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.host.HostId;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LeaseMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LeaseMeters meters = new LeaseMeters(registry);

    @Test
    void everyHostHasItsGaugesUpToTheCap() {
        meters.swept(7, false, rooms(LeaseMeters.MOST_HOSTS));

        assertThat(free()).hasSize(LeaseMeters.MOST_HOSTS).noneMatch(LeaseMetersTest::isOther);
        assertThat(registry.get("gatefleet.lease.held").gauge().value()).isEqualTo(7);
    }

    @Test
    void moreHostsThanTheCapAreSummedUpAsOther() {
        meters.swept(7, true, rooms(LeaseMeters.MOST_HOSTS + 3));

        assertThat(free()).hasSize(LeaseMeters.MOST_HOSTS + 1);
        assertThat(registry.get("gatefleet.pool.free")
                        .tag("host", "other")
                        .gauge()
                        .value())
                .isEqualTo(300);
        assertThat(registry.get("gatefleet.pool.fits")
                        .tag("host", "other")
                        .gauge()
                        .value())
                .isEqualTo(6);
        assertThat(registry.get("gatefleet.lease.selfpreservation").gauge().value())
                .isEqualTo(1);
    }

    @Test
    void ofTenThousandHostsTheFullestAreNamedAndNoSeriesIsAdded() {
        SortedMap<HostId, LeaseMeters.Room> rooms = rooms(10_000);
        HostId full = new HostId("zulu");
        rooms.put(full, new LeaseMeters.Room(3, 0));

        meters.swept(7, false, rooms);

        assertThat(registry.get("gatefleet.pool.fits")
                        .tag("host", full.value())
                        .gauge()
                        .value())
                .isZero();
        assertThat(free()).hasSize(LeaseMeters.MOST_HOSTS + 1);
    }

    @Test
    void aHostThatIsGoneIsNoLongerShown() {
        meters.swept(0, false, rooms(5));
        meters.swept(0, false, rooms(2));

        assertThat(free()).hasSize(2);
    }

    private Collection<? extends Meter> free() {
        return registry.get("gatefleet.pool.free").meters();
    }

    private static boolean isOther(Meter meter) {
        return "other".equals(meter.getId().getTag("host"));
    }

    private static SortedMap<HostId, LeaseMeters.Room> rooms(int hosts) {
        SortedMap<HostId, LeaseMeters.Room> rooms = new TreeMap<>();
        for (int i = 0; i < hosts; i++) {
            rooms.put(new HostId("host-%04d".formatted(i)), new LeaseMeters.Room(100, 2));
        }
        return rooms;
    }
}
