package io.gatefleet.doctor;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.doctor.census.Census;
import io.gatefleet.doctor.census.Gateway;
import io.gatefleet.doctor.finding.Certainty;
import io.gatefleet.doctor.finding.Examination;
import io.gatefleet.doctor.finding.Finding;
import io.gatefleet.doctor.finding.Severity;
import io.gatefleet.doctor.port.BasePort;
import io.gatefleet.doctor.port.GatewayPorts;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@code gatefleet doctor --json} prints. Fields are added to, never renamed.
 *
 * @param gateways all that were found, by their base ports
 * @param findings what is wrong, the most urgent first
 * @param unseen what could not be looked at, each a sentence: the findings say nothing of it
 */
public record DoctorReport(List<Found> gateways, List<Entry> findings, List<String> unseen) {
    public DoctorReport {
        gateways = List.copyOf(gateways);
        findings = List.copyOf(findings);
        unseen = List.copyOf(unseen);
    }

    /**
     * A gateway.
     *
     * @param base its own port
     * @param baseFrom what decided on it: {@code flag environment config hashed default lock kernel}
     * @param baseEvidence where that can be read
     * @param now the ports that it uses as it is configured
     * @param later the ports that further browser profiles would get
     * @param runsBy {@code hand} or {@code gatefleet}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Found(
            String name,
            Flavor flavor,
            @Nullable String version,
            String user,
            String state,
            String config,
            @Nullable String unit,
            @Nullable Integer pid,
            int base,
            String baseFrom,
            String baseEvidence,
            List<Use> now,
            PortSet later,
            String runsBy) {}

    /**
     * A port in use.
     *
     * @param role {@code gateway control relay cdp plugin seen}
     */
    public record Use(int port, String role, String what) {}

    /** A finding; its fields are those of {@link Finding}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Entry(
            String code,
            String severity,
            @Nullable String certainty,
            List<String> subjects,
            List<String> evidence,
            String meaning,
            List<String> fix) {}

    public static DoctorReport of(Census census) {
        return new DoctorReport(
                census.gateways().stream()
                        .map(DoctorReport::found)
                        .sorted(Comparator.comparingInt(Found::base).thenComparing(Found::name))
                        .toList(),
                Examination.of(census).stream().map(DoctorReport::entry).toList(),
                census.unseen());
    }

    private static Found found(Gateway gateway) {
        GatewayPorts ports = GatewayPorts.of(gateway);
        BasePort base = ports.base();
        return new Found(
                gateway.name(),
                gateway.flavor(),
                gateway.version(),
                gateway.user(),
                gateway.state().path(),
                gateway.config().path(),
                gateway.unit() == null ? null : gateway.unit().path(),
                gateway.pid(),
                base.port(),
                lower(base.source()),
                base.evidence(),
                ports.now().stream()
                        .map(use -> new Use(use.port(), lower(use.role()), use.what()))
                        .toList(),
                ports.all().minus(ports.used()),
                gateway.leased() ? "gatefleet" : "hand");
    }

    private static Entry entry(Finding finding) {
        Certainty certainty = finding.certainty();
        return new Entry(
                finding.code(),
                finding.severity().toString(),
                certainty == null ? null : certainty.toString(),
                finding.subjects(),
                finding.evidence(),
                finding.meaning(),
                finding.fix());
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Whether anything is there that should be mended: a warning or worse. */
    public boolean isClean() {
        return findings.stream().allMatch(finding -> finding.severity().equals(Severity.INFO.toString()));
    }
}
