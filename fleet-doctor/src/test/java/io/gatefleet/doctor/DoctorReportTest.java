package io.gatefleet.doctor;

import static io.gatefleet.doctor.host.FakeHost.TOKEN;
import static io.gatefleet.doctor.host.FakeHost.config;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.doctor.host.FakeHost;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorReportTest {
    @TempDir
    private Path root = Path.of("");

    private FakeHost host = new FakeHost(Path.of(System.getProperty("java.io.tmpdir")));

    @BeforeEach
    void twoUsers() {
        host = new FakeHost(root).user("ada").user("bob").version("openclaw", "2026.9.6");
    }

    @Test
    void aWarningIsNotCleanAndANoteIs() {
        host.gateway("/home/ada/.openclaw", config(18_789)).gateway("/home/bob/.openclaw", config(18_789 + 105));
        assertThat(report().isClean()).as("they may meet, one day").isTrue();
        assertThat(report().findings()).isNotEmpty();

        host.gateway("/home/bob/.openclaw", config(18_809));
        assertThat(report().isClean()).isFalse();
    }

    @Test
    void asJsonItHasGatewaysAndFindingsAndNoSecret() throws JsonProcessingException {
        host.gateway("/home/ada/.openclaw", config(18_789)).gateway("/home/bob/.openclaw", config(18_809));

        JsonNode json = Wire.LENIENT.mapper().valueToTree(report());

        JsonNode first = json.at("/gateways/0");
        assertThat(first.at("/name").asText()).isEqualTo("openclaw@ada");
        assertThat(first.at("/base").asInt()).isEqualTo(18_789);
        assertThat(first.at("/baseFrom").asText()).isEqualTo("config");
        assertThat(first.at("/now/2/role").asText()).isEqualTo("cdp");
        assertThat(first.at("/later").asText()).isEqualTo("18801-18899");
        assertThat(first.at("/runsBy").asText()).isEqualTo("hand");
        JsonNode finding = json.at("/findings/0");
        assertThat(finding.at("/code").asText()).isEqualTo("tab-leak");
        assertThat(finding.at("/severity").asText()).isEqualTo("critical");
        assertThat(finding.at("/certainty").asText()).isEqualTo("likely");
        assertThat(finding.at("/fix/0").asText()).isEqualTo("openclaw config set gateway.port 18900");
        assertThat(json.toString()).doesNotContain(TOKEN);
    }

    private DoctorReport report() {
        return DoctorReport.of(host.census());
    }
}
