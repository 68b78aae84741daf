package io.gatefleet.faults.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.faults.EmbeddedPlane;
import io.gatefleet.faults.NodeProcess;
import io.gatefleet.health.HealthConfig;
import io.gatefleet.health.verdict.VerdictRules;
import io.gatefleet.runtime.watch.WatchRules;
import io.gatefleet.testing.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees of the fleet, and does with the keyboard alone. */
@Tag("page")
@Timeout(240)
class PageIT {
    /** From a gateway's death to its red row. */
    private static final long RED_MILLIS = 2000;

    /** Each its own gateway's: the same one twice in a row is started again only after a while. */
    private static final int DEATHS = 3;

    private static final int MANY = 10_000;

    @SuppressWarnings("NullAway.Init")
    private static Chromium chromium;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    @BeforeAll
    static void open() {
        chromium = new Chromium();
    }

    @AfterAll
    static void close() {
        chromium.close();
    }

    /** Of words that are said once and stay true. */
    private static HealthConfig patient() {
        return HealthConfig.defaults()
                .withRules(VerdictRules.defaults().withSilence(Duration.ofHours(1), Duration.ofHours(2)))
                .withWatch(new WatchRules(Duration.ofMillis(500), 100, 16_384, Duration.ofSeconds(10)));
    }

    @Test
    void aKilledGatewayTurnsRedAndNobodyLoadsThePageAgain() throws Exception {
        List<NodeProcess> nodes = new ArrayList<>();
        try (EmbeddedPlane plane = EmbeddedPlane.start(HealthConfig.defaults());
                FleetPage looked = chromium.open(plane.aggregator())) {
            List<Long> took = new ArrayList<>();
            for (int death = 0; death < DEATHS; death++) {
                InstanceKey key = new InstanceKey(new HostId("mill"), new InstanceId("gate-" + death));
                NodeProcess node = new NodeProcess(home, key, plane.registries());
                nodes.add(node);
                node.start();
                looked.becomes(key.toString(), "ready");
                looked.page().evaluate(WHEN_RED, key.toString());
                int gateway = node.gatewayPid();
                // One clock for both: the machine's.
                long killed = System.currentTimeMillis();
                Signal.KILL.to(gateway);
                looked.soon().until(() -> looked.page().evaluate("() => window.redAt") != null);
                took.add(((Number) looked.page().evaluate("() => window.redAt")).longValue() - killed);
                looked.picture("gateway-down");
                looked.becomes(key.toString(), "ready");
            }
            System.out.printf("from kill -9 of a gateway to its red row, ms: %s%n", took);
            assertThat(took).allSatisfy(millis -> assertThat(millis).isBetween(0L, RED_MILLIS));
            assertThat(looked.page().evaluate("() => performance.getEntriesByType('navigation').length"))
                    .isEqualTo(1);
            assertThat(looked.complaints()).isEmpty();
        } finally {
            for (NodeProcess node : nodes) {
                node.close();
            }
        }
    }

    /** Writes down when a gateway's verdict is in the colour of what is down. */
    private static final String WHEN_RED = """
            id => {
              const down = document.createElement("span");
              down.dataset.verdict = "down";
              document.body.append(down);
              const red = getComputedStyle(down).color;
              down.remove();
              window.redAt = null;
              new MutationObserver(() => {
                const mark = document.querySelector(`#gateway-list [data-key="${id}"] [data-verdict]`);
                if (mark && window.redAt === null && mark.dataset.verdict === "down" && getComputedStyle(mark).color === red) {
                  window.redAt = Date.now();
                }
              }).observe(document.getElementById("gateway-list"), { subtree: true, childList: true, attributes: true });
            }
            """;

    @Test
    void aLostConnectionIsShownAndHealsWhenTheAggregatorIsBack() throws Exception {
        try (EmbeddedPlane plane = EmbeddedPlane.start(patient())) {
            ManyGateways.words(40).forEach(plane::tell);
            try (FleetPage looked = chromium.open(plane.aggregator())) {
                looked.becomes("host-0000/gate-00", "ready");

                plane.stopAggregator();

                looked.soon().until(() -> looked.connection().equals("lost"));
                assertThat(looked.text("#connection")).contains("connection lost (", "trying again");
                assertThat(looked.verdict("host-0000/gate-00"))
                        .as("what was seen last stays")
                        .isEqualTo("ready");
                assertThat(looked.page().locator("body[data-stale]").count()).isEqualTo(1);
                looked.picture("connection-lost");

                plane.startAggregator();
                plane.tell(ManyGateways.word(0, 2, GatewayReport.none(GatewayState.EXITED)));
                looked.isLive();

                looked.becomes("host-0000/gate-00", "down");
                looked.soon().until(() -> looked.text("#shown").equals("1 gateway"));
                assertThat(looked.page().locator("body[data-stale]").count()).isZero();
            }
        }
    }

    @Test
    void aConnectionThatSaysNothingIsTakenForLost() throws Exception {
        try (EmbeddedPlane plane = EmbeddedPlane.start(patient());
                FrozenWire wire = FrozenWire.before(plane.vertx(), plane.aggregator())) {
            ManyGateways.words(20).forEach(plane::tell);
            try (FleetPage looked = chromium.open(wire.url())) {
                looked.becomes("host-0000/gate-00", "ready");
                // It knows the pace of its aggregator once it was told twice.
                int soFar = wire.passed();
                looked.soon().until(() -> wire.passed() > soFar + 3);

                wire.freeze();
                looked.soon().until(() -> looked.connection().equals("lost"));
                assertThat(looked.text("#connection")).contains("nothing is heard any more");

                wire.thaw();
                looked.isLive();
                looked.becomes("host-0000/gate-00", "ready");
            }
        }
    }

    @Test
    void theKeyboardAloneReachesEverything() throws Exception {
        try (EmbeddedPlane plane = EmbeddedPlane.start(patient())) {
            ManyGateways.words(60).forEach(plane::tell);
            try (FleetPage looked = chromium.open(plane.aggregator())) {
                looked.becomes("host-0000/gate-00", "ready");
                Page page = looked.page();

                looked.press("/");
                assertThat(looked.focus()).isEqualTo("filter");
                page.keyboard().type("host-0001");
                looked.soon().until(() -> looked.text("#shown").equals("20 of 60 gateways"));
                looked.press("Enter");
                assertThat(looked.focus()).isEqualTo("gateway-list");
                looked.press("ArrowDown", "ArrowDown");
                looked.soon().until(() -> selected(looked).equals("host-0001/gate-02"));
                assertThat(page.locator("#gateway-list").getAttribute("aria-activedescendant"))
                        .isEqualTo("gateway-list-2");
                looked.press("Enter");
                looked.soon().until(() -> looked.isOpen("#detail"));
                assertThat(looked.text("#detail-title")).isEqualTo("host-0001/gate-02");
                looked.press("Escape");
                looked.soon().until(() -> !looked.isOpen("#detail"));
                looked.soon().until(() -> looked.focus().equals("gateway-list"));

                looked.press("Escape");
                looked.soon().until(() -> looked.text("#shown").equals("60 gateways"));
                looked.press("End");
                looked.soon().until(() -> selected(looked).equals("host-0002/gate-19"));
                looked.press("Home");
                looked.soon().until(() -> selected(looked).equals("host-0000/gate-07"));

                looked.press("2");
                assertThat(page.locator("#hosts").isVisible()).isTrue();
                looked.soon().until(() -> looked.focus().equals("host-list"));
                looked.press("ArrowDown", "Enter");
                looked.soon().until(() -> looked.isOpen("#detail"));
                assertThat(looked.text("#detail-title")).isEqualTo("host-0001");
                looked.press("Escape", "3");
                assertThat(page.locator("#events").isVisible()).isTrue();
                page.locator("#tab-events").focus();
                looked.press("ArrowRight");
                assertThat(page.locator("#gateways").isVisible())
                        .as("the tabs go round")
                        .isTrue();
                assertThat(looked.focus()).isEqualTo("tab-gateways");
                assertThat(looked.complaints().stream()
                                .filter(complaint -> !complaint.contains("404"))
                                .toList())
                        .as("of a host that no allocator knows, a 404 is right")
                        .isEmpty();
            }
        }
    }

    private static String selected(FleetPage looked) {
        Locator row = looked.page().locator("[role=option][aria-selected=true]:visible");
        String key = row.count() == 0 ? null : row.first().getAttribute("data-key");
        return key == null ? "" : key;
    }

    @Test
    void whoJumpsToTheEndOfAListThatHasJustGrownSeesIt() throws Exception {
        try (EmbeddedPlane plane = EmbeddedPlane.start(patient());
                FleetPage looked = chromium.open(plane.aggregator())) {
            assertThat(looked.page().evaluate(GROW_AND_JUMP)).isEqualTo("59");
        }
    }

    /** Brings the selected row's text, or null where none is shown. */
    private static final String GROW_AND_JUMP = """
            async () => {
              const { virtualList } = await import("/page/list.js");
              const frame = () => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
              const press = key => box.dispatchEvent(new KeyboardEvent("keydown", { key }));
              const numbers = count => [...Array(count).keys()].map(String);
              const box = document.createElement("div");
              box.style.height = "100px";
              box.style.overflowY = "auto";
              document.body.append(box);
              const list = virtualList(box, { height: 32, key: one => one, open() {}, empty: "", row: (one, row) => { row.textContent = one; } });
              list.show(numbers(20));
              press("Home");
              await frame();
              list.show(numbers(60));
              press("End");
              await frame();
              return box.querySelector("[aria-selected=true]")?.textContent ?? null;
            }
            """;

    @Test
    void everyWordCanBeReadInLightAndInDark() throws Exception {
        try (EmbeddedPlane plane = EmbeddedPlane.start(patient())) {
            ManyGateways.words(500).forEach(plane::tell);
            for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                try (FleetPage looked = chromium.open(plane.aggregator(), scheme)) {
                    looked.soon().until(() -> looked.text("#shown").equals("500 gateways"));
                    looked.soon().until(() -> looked.text("#sentence").contains("500"));
                    looked.picture(scheme == ColorScheme.DARK ? "dark" : "light");
                    double paper = luminance(looked, "--paper");
                    assertThat(paper)
                            .isCloseTo(scheme == ColorScheme.DARK ? 0 : 1, org.assertj.core.data.Offset.offset(0.1));
                    for (String ground : List.of("--paper", "--card", "--hover")) {
                        for (String ink : INKS) {
                            assertThat(contrast(luminance(looked, ink), luminance(looked, ground)))
                                    .as("%s on %s, %s", ink, ground, scheme)
                                    .isGreaterThanOrEqualTo(4.5);
                        }
                    }
                }
            }
        }
    }

    private static final List<String> INKS = List.of(
            "--ink",
            "--quiet",
            "--ready",
            "--starting",
            "--maintenance",
            "--draining",
            "--degraded",
            "--unknown",
            "--unreachable",
            "--down");

    /** As the guidelines for accessible content define it; 4.5 is what they ask of text. */
    private static double contrast(double one, double other) {
        return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    }

    private static double luminance(FleetPage looked, String colour) {
        return ((Number) looked.page().evaluate(LUMINANCE, colour)).doubleValue();
    }

    private static final String LUMINANCE = """
            name => {
              const probe = document.createElement("canvas").getContext("2d");
              probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
              probe.fillRect(0, 0, 1, 1);
              const [r, g, b] = [...probe.getImageData(0, 0, 1, 1).data].slice(0, 3).map(part => {
                const c = part / 255;
                return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
              });
              return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            }
            """;

    @Test
    void ofTenThousandGatewaysOnlyThoseThatAreSeenAreRows() throws Exception {
        try (EmbeddedPlane plane = EmbeddedPlane.start(patient())) {
            ManyGateways.words(MANY).forEach(plane::tell);
            try (FleetPage looked = chromium.open(plane.aggregator())) {
                Page page = looked.page();
                looked.soon().until(() -> looked.text("#shown").equals("10,000 gateways"));
                System.out.printf(
                        "10,000 gateways: first paint after %s ms, all of them listed after at most %s ms%n",
                        page.evaluate(
                                "() => Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime)"),
                        page.evaluate("() => Math.round(performance.now())"));
                looked.picture("ten-thousand");
                Locator rows = page.locator("#gateway-list [role=option]");
                assertThat(rows.count()).isBetween(10, 60);
                assertThat(((Number) page.evaluate("() => document.querySelectorAll('*').length")).intValue())
                        .as("elements of the whole page")
                        .isLessThan(2000);

                // 20 of each sort of trouble stand first, by name; then all others in theirs.
                List<String> wanted = new ArrayList<>();
                for (int trouble : new int[] {7, 101, 202}) {
                    IntStream.range(0, MANY / 500)
                            .map(block -> 500 * block + trouble)
                            .forEach(number ->
                                    wanted.add(ManyGateways.key(number).toString()));
                }
                IntStream.range(0, MANY)
                        .filter(number -> !List.of(7, 101, 202).contains(number % 500))
                        .forEach(number -> wanted.add(ManyGateways.key(number).toString()));
                for (int at : new int[] {0, 4_000, MANY - 30}) {
                    page.evaluate("top => { document.getElementById('gateway-list').scrollTop = top; }", at * 32);
                    looked.soon().until(() -> shown(looked).equals(wanted.get(at + 10)));
                    assertThat(rows.count()).isBetween(10, 60);
                }
                looked.press("2");
                looked.soon().until(() -> looked.text("#shown").equals("500 hosts"));
                looked.picture("ten-thousand-hosts");
                assertThat(page.locator("#host-list [role=option]").count()).isBetween(5, 60);
                assertThat(looked.complaints()).isEmpty();
            }
        }
    }

    /** The gateway whose row covers the place of the eleventh row that is seen. */
    private static String shown(FleetPage looked) {
        return String.valueOf(looked.page()
                .evaluate("() => { const box = document.getElementById('gateway-list').getBoundingClientRect();"
                        + " const at = document.elementFromPoint(box.left + 20, box.top + 10.5 * 32);"
                        + " return at?.closest('[role=option]')?.dataset.key ?? ''; }"));
    }
}
