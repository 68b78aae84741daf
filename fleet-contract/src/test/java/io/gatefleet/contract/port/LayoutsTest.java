package io.gatefleet.contract.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.instance.Flavor;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The layouts that this build ships. */
class LayoutsTest {
    @ParameterizedTest(name = "{2} of {1}")
    @CsvSource({
        "openclaw, openclaw-2026.7.1-wide, management, 20001",
        "openclaw, openclaw-2026.7.1-wide, control, 20002",
        "openclaw, openclaw-2026.3.2-dense, control, 20002",
        "openclaw, openclaw-2026.7.1-dense, control,",
        "openclaw, openclaw-2099.1.1-dense, management, 20001",
        "simulated, simulated-wide, relay, 20010",
    })
    void aRoleIsFoundByTheLayoutsName(String flavor, String layout, String role, @Nullable Integer port) {
        assertThat(Layouts.known().port(Flavor.parse(flavor), layout, role, 20_000))
                .isEqualTo(port == null ? OptionalInt.empty() : OptionalInt.of(port));
    }

    static List<LayoutFamily> families() {
        return Layouts.known().families();
    }

    @Test
    void theWideOpenClawTakes111PortsInARow() {
        PortLayout wide = Layouts.known().of(Flavor.OPENCLAW, "2026.9.6").wide(Set.of());

        assertThat(wide.footprint()).isEqualTo(Footprint.contiguous(111));
        assertThat(wide.port(PortLayout.GATEWAY, 18_789)).hasValue(18_789);
        assertThat(wide.port(PortLayout.MANAGEMENT, 18_789)).hasValue(18_790);
        assertThat(wide.port(PortLayout.CONTROL, 18_789)).hasValue(18_791);
        assertThat(wide.port(PortLayout.RELAY, 18_789)).hasValue(18_799);
        assertThat(wide.cdpFirst()).isEqualTo(11);
        assertThat(wide.cdpCount()).isEqualTo(100);
    }

    @Test
    void theDenseOpenClawWithTwoBrowserProfilesTakesFourPorts() {
        PortLayout dense = Layouts.known().of(Flavor.OPENCLAW, null).dense(2, Set.of());

        assertThat(dense.footprint()).hasToString("0-3");
        assertThat(dense.cdpFirst()).isEqualTo(2);
        assertThat(dense.cdpCount()).isEqualTo(2);
        assertThat(dense.port(PortLayout.RELAY, 18_789)).isEmpty();
    }

    @Test
    void aPluginsFixedPortIsReplacedByALeasedOne() {
        LayoutFamily family = Layouts.known().of(Flavor.OPENCLAW, null);

        assertThat(family.dense(2, Set.of("signal", "msteams")).extras())
                .containsEntry("msteams", 4)
                .containsEntry("signal", 5);
        assertThat(family.wide(Set.of("signal")).footprint()).isEqualTo(Footprint.contiguous(112));
        assertThatThrownBy(() -> family.dense(2, Set.of("irc"))).isInstanceOfSatisfying(BadInput.class, bad -> {
            assertThat(bad.name()).isEqualTo("extras");
            assertThat(bad.value()).isEqualTo("irc");
        });
        assertThatThrownBy(() -> family.dense(101, Set.of())).isInstanceOf(BadInput.class);
    }

    @ParameterizedTest
    @MethodSource("families")
    void aFamilysRolesLieInsideItsWideShapeAndDoNotOverlap(LayoutFamily family) {
        Set<Integer> taken = new TreeSet<>();
        for (LayoutFamily.Role role : family.roles()) {
            for (int i = 0; i < role.count(); i++) {
                assertThat(taken.add(role.offset() + i))
                        .as(family.name() + " " + role)
                        .isTrue();
            }
            assertThat(role.offset() + role.count()).isLessThanOrEqualTo(family.wideWidth());
        }
        assertThat(taken).contains(0);
        assertThat(family.source()).isNotBlank();
        assertThat(family.roles()).extracting(LayoutFamily.Role::role).containsAll(family.dense());
    }

    @ParameterizedTest
    @MethodSource("families")
    void everyFamilyHasBothShapes(LayoutFamily family) {
        assertThat(family.wide(family.extras().keySet()).footprint().span())
                .isEqualTo(family.wideWidth() + family.extras().size());
        assertThat(family.dense(0, Set.of()).footprint().span())
                .isEqualTo(family.dense().size());
    }

    @ParameterizedTest
    @CsvSource({
        "2026.7.1, 2026.7.1, 0",
        "2026.7.1, 2026.10.1, -1",
        "2026.10.1, 2026.9.6, 1",
        "2026.1.24, 2026.1.24-3, -1",
        "2026.1.24-3, 2026.1.25, -1",
        "2026.7, 2026.7.0, 0",
        "'', 0, 0",
    })
    void versionsAreComparedNumberByNumber(String left, String right, int order) {
        assertThat(Integer.signum(Layouts.VERSIONS.compare(left, right))).isEqualTo(order);
        assertThat(Integer.signum(Layouts.VERSIONS.compare(right, left))).isEqualTo(-order);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
        openclaw  | 2026.1.29       | openclaw-2026.2.1
        openclaw  | 2026.2.1        | openclaw-2026.2.1
        openclaw  | 2026.2.17       | openclaw-2026.2.1
        openclaw  | 2026.3.0-beta.1 | openclaw-2026.3.2
        openclaw  | 2026.3.2        | openclaw-2026.3.2
        openclaw  | 2026.6.11       | openclaw-2026.3.2
        openclaw  | 2026.7.0        | openclaw-2026.3.2
        openclaw  | 2026.7.1        | openclaw-2026.7.1
        openclaw  | 2026.9.6        | openclaw-2026.7.1
        openclaw  | 2027.1.0        | openclaw-2026.7.1
        openclaw  |                 | openclaw-2026.7.1
        clawdbot  | 2026.1.24-3     | clawdbot-2026.1.24
        clawdbot  |                 | clawdbot-2026.1.24
        omniclaw  | 2026.2.1        | omniclaw-2026.2.1
        simulated | 1               | simulated
        """)
    void aVersionPicksItsLayout(String flavor, @Nullable String version, String layout) {
        assertThat(Layouts.known().of(Flavor.parse(flavor), version).name()).isEqualTo(layout);
    }

    @ParameterizedTest(name = "{0}: {1} with two browsers")
    @CsvSource(delimiter = '|', textBlock = """
        openclaw-2026.2.1  | 0-4 |   | 2 | 3
        openclaw-2026.3.2  | 0-5 | 2 | 3 | 4
        openclaw-2026.7.1  | 0-3 |   |   | 2
        clawdbot-2026.1.24 | 0-5 | 2 | 3 | 4
        omniclaw-2026.2.1  | 0-4 |   | 2 | 3
        """)
    void denseHasWhatTheVersionBindsAndNothingElse(
            String name, String footprint, @Nullable Integer control, @Nullable Integer relay, int cdpFirst) {
        PortLayout dense = families().stream()
                .filter(family -> family.name().equals(name))
                .findFirst()
                .orElseThrow()
                .dense(2, Set.of());

        assertThat(dense.footprint()).hasToString(footprint);
        assertThat(dense.offsets()).containsEntry(PortLayout.GATEWAY, 0).containsEntry(PortLayout.MANAGEMENT, 1);
        assertThat(dense.offsets().get(PortLayout.CONTROL)).isEqualTo(control);
        assertThat(dense.offsets().get(PortLayout.RELAY)).isEqualTo(relay);
        assertThat(dense.cdpFirst()).isEqualTo(cdpFirst);
    }

    @ParameterizedTest
    @MethodSource("families")
    void wideIsTheSameInEveryFamilyBecauseAllCountTheirBrowsersFromBrowserControl(LayoutFamily family) {
        PortLayout wide = family.wide(Set.of());

        assertThat(wide.footprint()).hasToString("0-110");
        assertThat(wide.cdpFirst()).isEqualTo(11);
        assertThat(wide.cdpCount()).isEqualTo(100);
        assertThat(wide.offsets()).containsEntry(PortLayout.MANAGEMENT, 1);
    }

    @ParameterizedTest
    @EnumSource(Flavor.class)
    void ofEachFlavorExactlyOneLayoutIsTheNewest(Flavor flavor) {
        assertThat(families())
                .filteredOn(family -> family.flavor() == flavor && family.before() == null)
                .hasSize(1);
    }

    @Test
    void aVersionWithoutAKnownLayoutIsNamed() {
        assertThatThrownBy(() -> Layouts.known().of(Flavor.OPENCLAW, "2024.1.1"))
                .isInstanceOfSatisfying(BadInput.class, bad -> {
                    assertThat(bad.name()).isEqualTo("version");
                    assertThat(bad.value()).isEqualTo("2024.1.1");
                });
    }

    @Test
    void aLayoutsCdpPortsLieInsideItsFootprint() {
        assertThatThrownBy(() -> new PortLayout("x", Footprint.contiguous(4), Map.of(), 3, 2, Map.of()))
                .isInstanceOfSatisfying(
                        BadInput.class, bad -> assertThat(bad.name()).isEqualTo("cdp"));
        assertThat(PortLayout.Shape.parse("wide")).isEqualTo(PortLayout.Shape.WIDE);
        assertThatThrownBy(() -> PortLayout.Shape.parse("Wide")).isInstanceOf(BadInput.class);
    }
}
