package io.gatefleet.runtime.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.BadInput;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ClusterOptionsTest {
    @Test
    void whoNamesNoMembersStandsAlone() {
        assertThat(parsed()).isEmpty();
        assertThat(parsed("--cluster", "none", "--cluster-members", "10.0.0.1:5701"))
                .isEmpty();
    }

    @Test
    void theOthersAreFoundByWhatIsNamedAndTheRestFollows() {
        assertThat(parsed("--cluster-members", "127.0.0.1:5701,127.0.0.1:5711,[::1]:5721", "--cluster-port", "5711"))
                .contains(new ClusterConfig(
                        "gatefleet",
                        "127.0.0.1",
                        5711,
                        5712,
                        List.of("127.0.0.1:5701", "127.0.0.1:5711", "[::1]:5721"),
                        3,
                        null));
    }

    @ParameterizedTest(name = "of {0} members {1} are a majority, and a ledger has {2} copies")
    @CsvSource({"1, 1, 0", "2, 2, 1", "3, 2, 2", "4, 3, 2", "5, 3, 2"})
    void theConfiguredSizeSaysWhatAMajorityIs(int size, int majority, int backups) {
        ClusterConfig config = parsed("--cluster-members", "m:1", "--cluster-size", Integer.toString(size))
                .orElseThrow();

        assertThat(config.majority()).isEqualTo(majority);
        assertThat(config.backups()).isEqualTo(backups);
    }

    @Test
    void membersAreFoundUnderANameWhoseNumberIsSaid() {
        ClusterConfig config = parsed("--cluster-members", "dns:members:5701", "--cluster-size", "7")
                .orElseThrow();

        assertThat(config.dns()).contains(InetSocketAddress.createUnresolved("members", 5701));
        assertThat(HardenedConfig.of(config)
                        .getAdvancedNetworkConfig()
                        .getJoin()
                        .getKubernetesConfig()
                        .getProperties())
                .containsEntry("service-dns", "members")
                .containsEntry("service-port", "5701");
        assertThat(config.majority()).isEqualTo(4);
    }

    @Test
    void aNameDoesNotTellHowManyThereAreAndStandsAlone() {
        assertThatThrownBy(() -> parsed("--cluster-members", "dns:members:5701"))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("cluster-size");
        assertThatThrownBy(() -> parsed("--cluster-members", "dns:members:5701,10.0.0.1:5701", "--cluster-size", "3"))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("alone");
    }

    @Test
    void aNetworkStandsForThisMachinesAddressInIt() {
        assertThat(parsed("--cluster-members", "m:1", "--cluster-host", "127.0.0.0/8")
                        .orElseThrow()
                        .host())
                .isEqualTo("127.0.0.1");
    }

    @Test
    void othersReachAMemberWhereItIsSaid() {
        assertThat(parsed("--cluster-members", "m:1").orElseThrow().httpAddress())
                .isNull();
        assertThat(parsed("--cluster-members", "m:1", "--http-address", "mill.example")
                        .orElseThrow()
                        .httpAddress())
                .isEqualTo("mill.example");
        assertThat(parsed("--cluster-members", "m:1", "--http-address", "127.0.0.0/8")
                        .orElseThrow()
                        .httpAddress())
                .isEqualTo("127.0.0.1");
        assertThatThrownBy(() -> parsed("--cluster-members", "m:1", "--http-address", "203.0.113.0/24"))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("http-address");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "203.0.113.0/24, one address",
        "127.0.0.0/33, at most /32",
        "somewhere/8, a network as",
        "127.0.0.0/8/8, a network as"
    })
    void aNetworkMustBeOneInWhichThisMachineIs(String network, String expected) {
        assertThatThrownBy(() -> parsed("--cluster-members", "m:1", "--cluster-host", network))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "10.1.2.3", "172.16.0.9", "192.168.1.4", "100.64.0.1", "fd00::1", "::1"})
    void aMemberStandsOnLoopbackOrAPrivateAddress(String host) {
        assertThat(parsed("--cluster-members", "m:1", "--cluster-host", host)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "0.0.0.0", "100.128.0.1", "172.32.0.1", "2001:db8::1", "::"})
    void andNowhereElse(String host) {
        assertThatThrownBy(() -> parsed("--cluster-members", "m:1", "--cluster-host", host))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("cluster-host")
                .hasMessageContaining("a loopback or private address");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "--cluster-members, ten, cluster-members: ten",
        "--cluster-members, m:0, cluster-members: 0",
        "--cluster-size, 100, cluster-size: 100",
        "--cluster-port, 70000, cluster-port: 70000",
        "--cluster-bus-port, 5701, cluster-bus-port: 5701",
        "--cluster-name, Mine!, cluster-name: Mine!"
    })
    void aWrongValueIsNamed(String option, String value, String complaint) {
        assertThatThrownBy(() -> parsed("--cluster-members=m:1", option + "=" + value))
                .isInstanceOf(BadInput.class)
                .hasMessageStartingWith(complaint);
    }

    private static Optional<ClusterConfig> parsed(String... options) {
        ClusterOptions parsed = new ClusterOptions();
        new CommandLine(parsed).parseArgs(options);
        return parsed.config();
    }
}
