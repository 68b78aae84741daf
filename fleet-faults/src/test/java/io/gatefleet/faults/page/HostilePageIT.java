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
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.faults.EmbeddedPlane;
import io.gatefleet.faults.SpeakingNode;
import io.gatefleet.health.HealthConfig;
import io.gatefleet.runtime.Protection;
import io.gatefleet.runtime.access.Access;
import io.gatefleet.runtime.access.OperatorToken;
import io.gatefleet.runtime.access.Role;
import io.gatefleet.runtime.audit.AuditLog;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Gateways and nodes write what they like, and the page shows it: as text. And it shows nothing to who may not look. */
@Tag("page")
@Timeout(180)
class HostilePageIT {
    /** Short enough for the name of a process, which is the shortest of all texts. */
    private static final String IMAGE = "<img src=x onerror=\"window.pwned=1\">";

    private static final List<String> MARKUP = List.of(
            IMAGE, "\"><svg onload=window.pwned=2>", "<script>window.pwned=3</script>", "</title><iframe srcdoc=x>");

    private static final InstanceKey MAIN = new InstanceKey(new HostId("mill"), new InstanceId("main"));

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init")
    private static Chromium chromium;

    @BeforeAll
    static void open() {
        chromium = new Chromium();
    }

    @AfterAll
    static void close() {
        chromium.close();
    }

    @Test
    void nothingThatAGatewayOrItsNodeSaysIsExecuted() throws Exception {
        try (EmbeddedPlane plane = EmbeddedPlane.start(HealthConfig.defaults())) {
            SpeakingNode node = new SpeakingNode(
                    CLIENT, plane.registries(), MAIN, new Incarnation(1), HostilePageIT::factsOfAHostileKernel);
            node.join(Map.of("team", IMAGE, "zone", MARKUP.get(2)));
            plane.reserve(MAIN.host(), "nfs", "31000-31009", MARKUP.get(1));
            node.beat(hostile(true));
            try (FleetPage looked = chromium.open(plane.aggregator())) {
                looked.becomes("mill/main", "degraded");
                assertThat(looked.text("#problem-list"))
                        .as("it is shown, as text")
                        .contains(IMAGE, MARKUP.get(2));
                assertThat(looked.row("mill/main").innerText()).contains(IMAGE);
                harmless(looked, plane);

                looked.row("mill/main").click();
                looked.soon().until(() -> looked.text("#detail-body").contains("1 · Its node's word"));
                assertThat(looked.text("#detail-body")).contains(MARKUP).contains("team=" + IMAGE);
                harmless(looked, plane);
                looked.press("Escape");

                looked.press("2");
                looked.page().locator("#host-list [data-key='mill']").click();
                looked.soon().until(() -> looked.text("#detail-body").contains("listens on"));
                assertThat(looked.text("#detail-body")).contains(IMAGE, MARKUP.get(1));
                harmless(looked, plane);
                looked.press("Escape");

                node.beat(hostile(false));
                looked.press("3");
                looked.soon().until(() -> looked.text("#event-list").contains(IMAGE));
                harmless(looked, plane);
                assertThat(looked.complaints()).isEmpty();
            }
        }
    }

    /** What is said of the process, of the probe and of what was found; dead or not ready. */
    private static GatewayReport hostile(boolean live) {
        return new GatewayReport(
                GatewayState.RUNNING,
                4711,
                MARKUP.get(1),
                MARKUP.get(2),
                1,
                null,
                1000,
                new Probe(live, false, MARKUP, String.join(" ", MARKUP), 5, 3),
                List.of(
                        new Finding(IMAGE, MARKUP.get(2)),
                        new Finding("stranger-in-lease", IMAGE + MARKUP.get(2)),
                        new Finding("a-new-code", String.join(" ", MARKUP))),
                1L);
    }

    private static HostFacts factsOfAHostileKernel() {
        return new HostFacts(
                new PortSpace("boot", 1),
                List.of(new Listener(30_000, MARKUP.get(1), 4711, IMAGE, false, Listener.Reading.PLAIN)),
                PortSet.EMPTY,
                new PortRange(32_768, 60_999),
                PortSet.EMPTY,
                false);
    }

    private static void harmless(FleetPage looked, EmbeddedPlane plane) {
        Page page = looked.page();
        assertThat(page.evaluate("() => window.pwned ?? 0")).isEqualTo(0);
        assertThat(page.locator(
                                "img, svg, iframe, object, embed, [onerror], [onload], script:not([src='/page/page.js'])")
                        .count())
                .as("elements that only markup from outside could make")
                .isZero();
        assertThat(looked.violations()).isEmpty();
        assertThat(looked.asked()).allSatisfy(address -> assertThat(address)
                .startsWith(plane.aggregator().toString() + "/"));
    }

    @Test
    void theSameTextRunsWhereItIsTakenForMarkupAndEvenThenNotOnThisPage() throws Exception {
        try (EmbeddedPlane plane = EmbeddedPlane.start(HealthConfig.defaults());
                FleetPage looked = chromium.open(plane.aggregator())) {
            looked.isLive();
            String asMarkup = "text => document.body.insertAdjacentHTML('beforeend', text)";
            looked.page().evaluate(asMarkup, IMAGE);
            looked.soon().until(() -> !looked.violations().isEmpty());
            assertThat(looked.page().evaluate("() => window.pwned ?? 0"))
                    .as("the page's policy is a second wall")
                    .isEqualTo(0);

            looked.page().navigate("about:blank");
            looked.page().evaluate(asMarkup, IMAGE);
            looked.soon().until(() -> Integer.valueOf(1).equals(looked.page().evaluate("() => window.pwned ?? 0")));
        }
    }

    @Test
    void aFleetThatAsksForATokenShowsNothingWithoutOneAndKeepsItInThisTabOnly(@TempDir Path directory)
            throws Exception {
        String reader = OperatorToken.random(Role.READ);
        Files.writeString(
                directory.resolve("tokens"),
                OperatorToken.of("reader", Role.READ, reader, null).line() + "\n");
        Protection protection = new Protection(Access.by(directory, false), AuditLog.NONE);
        try (EmbeddedPlane plane = EmbeddedPlane.start(HealthConfig.defaults().withProtection(protection))) {
            ManyGateways.words(20).forEach(plane::tell);
            try (FleetPage looked = chromium.open(plane.aggregator())) {
                Page page = looked.page();
                looked.soon().until(() -> looked.isOpen("#access"));
                assertThat(looked.focus()).isEqualTo("token");
                page.keyboard().type(OperatorToken.random(Role.READ));
                looked.press("Enter");
                looked.soon()
                        .until(() -> looked.isOpen("#access")
                                && page.inputValue("#token").isEmpty());
                assertThat(page.locator("#gateway-list [role=option]").count()).isZero();

                page.keyboard().type(reader);
                looked.press("Enter");
                looked.becomes("host-0000/gate-00", "ready");

                assertThat(looked.isOpen("#access")).isFalse();
                assertThat(page.evaluate("() => localStorage.length")).isEqualTo(0);
                assertThat(page.evaluate("() => document.cookie")).isEqualTo("");
                assertThat(looked.asked()).noneMatch(address -> address.contains(reader));
                page.reload();
                looked.becomes("host-0000/gate-00", "ready");
            }
        }
    }
}
