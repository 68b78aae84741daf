package io.gatefleet.faults.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayReport.Finding;
import io.gatefleet.contract.instance.GatewayReport.Probe;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.faults.EmbeddedPlane;
import io.gatefleet.faults.SpeakingNode;
import io.gatefleet.health.HealthConfig;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A host's port space as a picture: what is lent, rests, is reserved, is a stranger's. */
@Tag("page")
@Timeout(180)
class PortMapPageIT {
    private static final HostId MILL = new HostId("mill");
    private static final Listener STRANGER =
            new Listener(24_000, "0.0.0.0", 4711, "postgres", false, Listener.Reading.PLAIN);

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void aHostsPortsAreShownAsItsAllocatorKnowsThem() throws Exception {
        try (EmbeddedPlane plane = EmbeddedPlane.start(HealthConfig.defaults());
                Chromium chromium = new Chromium()) {
            plane.reserve(MILL, "nfs", "25000-25099", "file server");
            SpeakingNode main = join(plane, MILL, "main", Map.of("team", "home", "zone", "north"));
            main.beat(ready());
            join(plane, MILL, "rescue", Map.of("team", "home")).beat(ready());
            SpeakingNode gone = join(plane, MILL, "trial", Map.of());
            Lease rests = gone.lease();
            gone.leave();
            join(plane, MILL, "work", Map.of("team", "work")).beat(withAStranger());
            join(plane, new HostId("barn"), "main", Map.of("zone", "west")).beat(ready());
            join(plane, new HostId("barn"), "garden", Map.of("zone", "west")).beat(exited());
            try (FleetPage looked = chromium.open(plane.aggregator())) {
                looked.becomes("mill/main", "ready");
                looked.becomes("barn/garden", "down");
                looked.picture("fleet");
                looked.press("2");
                looked.page().locator("#host-list [data-key='mill']").click();
                looked.soon().until(() -> looked.text("#detail-body").contains("Pool 18789-32767"));
                looked.soon().until(() -> looked.text("#detail-body").contains("rests for"));
                looked.picture("host-ports");

                String table = looked.text("#detail-body table");
                Lease lent = main.lease();
                assertThat(table)
                        .contains("25000–25099", "reserved: nfs (file server)")
                        .contains("24000", "postgres (pid 4711) listens on 0.0.0.0")
                        .contains("%d–%d".formatted(rests.base(), rests.base() + 110), "given back by mill/trial")
                        .contains("mill/main, confirmed, fence " + lent.fence())
                        .contains("mill/work, confirmed");
                assertThat(colourOf(looked.page(), lent.base())).isEqualTo(colour(looked.page(), "--lease"));
                assertThat(colourOf(looked.page(), lent.base() + 60)).isEqualTo(colour(looked.page(), "--cdp"));
                assertThat(colourOf(looked.page(), rests.base() + 50)).isEqualTo(colour(looked.page(), "--rest"));
                assertThat(colourOf(looked.page(), 25_050)).isEqualTo(colour(looked.page(), "--reserved"));
                assertThat(colourOf(looked.page(), 24_000)).isEqualTo(colour(looked.page(), "--foreign"));
                assertThat(colourOf(looked.page(), 30_000)).isEqualTo(colour(looked.page(), "--free"));

                looked.press("Escape", "1");
                looked.row("mill/work").click();
                looked.soon().until(() -> looked.text("#detail-body").contains("stranger-in-lease"));
                assertThat(looked.text("#detail-body")).contains("team=work");
                looked.picture("instance");
                assertThat(looked.complaints().stream()
                                .filter(complaint -> !complaint.contains("willReadFrequently"))
                                .toList())
                        .as("but for this test's own reading of pixels")
                        .isEmpty();
            }
        }
    }

    private SpeakingNode join(EmbeddedPlane plane, HostId host, String name, Map<String, String> labels)
            throws InterruptedException {
        SpeakingNode node = new SpeakingNode(
                client,
                plane.registries(),
                new InstanceKey(host, new InstanceId(name)),
                new Incarnation(1),
                () -> new HostFacts(
                        new PortSpace("boot-of-" + host, 1),
                        host.equals(MILL) ? List.of(STRANGER) : List.of(),
                        PortSet.EMPTY,
                        new PortRange(32_768, 60_999),
                        PortSet.EMPTY,
                        false));
        node.join(labels);
        return node;
    }

    private static GatewayReport ready() {
        return new GatewayReport(
                GatewayState.RUNNING,
                21_345,
                "2026.9.6",
                "boot-1",
                0,
                null,
                3_600_000,
                new Probe(true, true, List.of(), null, 4),
                List.of(),
                318_000_000L);
    }

    private static GatewayReport withAStranger() {
        GatewayReport well = ready();
        return new GatewayReport(
                well.state(),
                well.pid(),
                well.version(),
                well.bootId(),
                2,
                null,
                well.stateForMillis(),
                well.probe(),
                List.of(new Finding(
                        "stranger-in-lease",
                        "chrome (pid 9120) listens on 127.0.0.1:19140, a CDP port of this gateway.")),
                well.residentBytes());
    }

    private static GatewayReport exited() {
        return new GatewayReport(GatewayState.EXITED, null, "2026.9.6", null, 0, 78, 1000, null, List.of(), null);
    }

    /** What the picture shows in the middle of a port. */
    private static Object colourOf(Page page, int port) {
        return page.evaluate("""
                port => {
                  const [first, last, lines] = [18789, 32767, 14];
                  const canvas = document.querySelector("#detail-body canvas");
                  const perLine = Math.ceil((last - first + 1) / lines);
                  const line = Math.floor((port - first) / perLine);
                  const x = Math.floor((port - first - line * perLine + 0.5) / perLine * canvas.width);
                  const y = Math.floor((line + 0.4) * canvas.height / lines);
                  return [...canvas.getContext("2d").getImageData(x, y, 1, 1).data].join();
                }
                """, port);
    }

    private static Object colour(Page page, String name) {
        return page.evaluate("""
                name => {
                  const pen = document.createElement("canvas").getContext("2d");
                  pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
                  pen.fillRect(0, 0, 1, 1);
                  return [...pen.getImageData(0, 0, 1, 1).data].join();
                }
                """, name);
    }
}
