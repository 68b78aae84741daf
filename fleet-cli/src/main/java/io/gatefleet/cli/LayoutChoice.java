package io.gatefleet.cli;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.lease.PlanLease;
import io.gatefleet.contract.port.PortLayout;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which gateway's footprint is meant. */
final class LayoutChoice {
    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private HelpOption help = new HelpOption();

    @Option(names = "--flavor", defaultValue = "openclaw", description = "Default: ${DEFAULT-VALUE}")
    private Flavor flavor = Flavor.OPENCLAW;

    @Option(names = "--version", description = "The gateway's version, for example 2026.3.2. Default: its newest.")
    private @Nullable String version;

    @Option(names = "--layout", defaultValue = "wide", description = "wide or dense. Default: ${DEFAULT-VALUE}")
    private PortLayout.Shape shape = PortLayout.Shape.WIDE;

    @Option(
            names = "--profiles",
            paramLabel = "N",
            description = "Browser profiles of a dense layout, 0 to 100. Default: 2")
    private @Nullable Integer profiles;

    PlanLease asPlan(@Nullable InstanceId instance) {
        return new PlanLease(instance, null, flavor, version, shape, checked(), null);
    }

    String asQuery() {
        Integer count = checked();
        return "flavor=%s&layout=%s%s%s"
                .formatted(
                        flavor,
                        shape,
                        version == null ? "" : "&version=" + URLEncoder.encode(version, StandardCharsets.UTF_8),
                        count == null ? "" : "&profiles=" + count);
    }

    /** Null for the wide layout. */
    private @Nullable Integer checked() {
        if (shape == PortLayout.Shape.WIDE) {
            if (profiles != null) {
                throw new BadInput("--profiles", profiles, "only with --layout dense; a wide layout has room for 100");
            }
            return null;
        }
        if (profiles != null && (profiles < 0 || profiles > 100)) {
            throw new BadInput("--profiles", profiles, "0 to 100");
        }
        return profiles == null ? Integer.valueOf(2) : profiles;
    }
}
