package io.gatefleet.node.gateway;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.port.PortLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an operator decides about the gateway of an instance.
 *
 * @param flavor the gateway's family
 * @param version which one of several that are installed; null: the one that is found without
 * @param shape wide: every port that the family could derive; dense: only what is used, pinned
 * @param profiles browser profiles that the dense shape has a CDP port for, 1 to 100; the first is the default one
 * @param extras channel plugins that get a leased port instead of their fixed one
 * @param program the gateway's entry script; null: by the variable {@code GATEFLEET_<FLAVOR>_<VERSION>} where a version
 *     is said, else by {@code GATEFLEET_<FLAVOR>}, else on the PATH
 * @param node the Node.js binary; null: by {@code GATEFLEET_NODE}, else {@code node} on the PATH
 * @param chromium the browser; null: by {@code GATEFLEET_CHROMIUM}, else a Chromium or Chrome on the PATH
 * @param passed further variables that the gateway gets from the node's environment, for example a provider's key
 * @param times how patient the node is
 */
public record GatewayConfig(
        Flavor flavor,
        @Nullable String version,
        PortLayout.Shape shape,
        List<String> profiles,
        Set<String> extras,
        @Nullable Path program,
        @Nullable Path node,
        @Nullable Path chromium,
        Set<String> passed,
        Times times) {
    private static final Pattern PROFILE = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?");
    private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z][0-9A-Za-z.-]{0,62}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    public GatewayConfig {
        profiles = List.copyOf(profiles);
        extras = Set.copyOf(extras);
        passed = Set.copyOf(passed);
        if (profiles.isEmpty() || profiles.size() > 100 || Set.copyOf(profiles).size() != profiles.size()) {
            throw new BadInput("profiles", profiles, "1 to 100 different names");
        }
        for (String profile : profiles) {
            if (!PROFILE.matcher(profile).matches()) {
                throw new BadInput("profiles", profile, "names of a-z, 0-9 and -, a hyphen neither first nor last");
            }
        }
        if (version != null && !VERSION.matcher(version).matches()) {
            throw new BadInput("version", version, "for example 2026.9.6");
        }
        for (String variable : passed) {
            if (!VARIABLE.matcher(variable).matches()) {
                throw new BadInput("passed", variable, "names of environment variables");
            }
        }
    }

    /** What somebody gets who decides nothing but the family. */
    public static GatewayConfig of(Flavor flavor) {
        return new GatewayConfig(
                flavor,
                null,
                PortLayout.Shape.WIDE,
                profiles(flavor, 1),
                Set.of(),
                null,
                null,
                null,
                Set.of(),
                Times.defaults());
    }

    /** So many names of browser profiles, 1 to 100: the flavor's default one, and {@code profile-2} and so on. */
    public static List<String> profiles(Flavor flavor, int count) {
        if (count < 1 || count > 100) {
            throw new BadInput("profiles", count, "1 to 100");
        }
        List<String> names = new ArrayList<>(List.of(Dialect.defaultProfile(flavor)));
        for (int i = 2; i <= count; i++) {
            names.add("profile-" + i);
        }
        return names;
    }

    public GatewayConfig dense(String... profiles) {
        return new GatewayConfig(
                flavor,
                version,
                PortLayout.Shape.DENSE,
                List.of(profiles),
                extras,
                program,
                node,
                chromium,
                passed,
                times);
    }

    public GatewayConfig with(Times patience) {
        return new GatewayConfig(flavor, version, shape, profiles, extras, program, node, chromium, passed, patience);
    }

    /** @param which one of several that are installed */
    public GatewayConfig version(String which) {
        return new GatewayConfig(flavor, which, shape, profiles, extras, program, node, chromium, passed, times);
    }

    /**
     * How patient the node is with its gateway.
     *
     * @param drain how long a gateway may finish what it does after it was told to stop; OpenClaw's own budget is 315 s
     *     and 10 s more
     * @param reap how long the rest of the process tree gets to end by itself before it is killed
     * @param probeStarting pause between probes of a gateway that is not ready
     * @param probeRunning pause between probes of one that is
     * @param probeTimeout an answer that takes longer is none
     * @param firstBackoff pause before the first restart; doubles with every further crash
     * @param longestBackoff the doubling ends here
     * @param breakerPause shortest pause after the second crash within {@code breakerWindow}
     * @param breakerWindow in which the gateway itself counts unclean boots; OpenClaw starts without its channels after
     *     the third in 5 minutes
     */
    public record Times(
            Duration drain,
            Duration reap,
            Duration probeStarting,
            Duration probeRunning,
            Duration probeTimeout,
            Duration firstBackoff,
            Duration longestBackoff,
            Duration breakerPause,
            Duration breakerWindow) {
        public Times {
            require("drain", drain, Duration.ofHours(1));
            require("reap", reap, Duration.ofMinutes(5));
            require("probeStarting", probeStarting, Duration.ofMinutes(5));
            require("probeRunning", probeRunning, Duration.ofMinutes(5));
            require("probeTimeout", probeTimeout, Duration.ofMinutes(1));
            require("firstBackoff", firstBackoff, Duration.ofHours(1));
            require("longestBackoff", longestBackoff, Duration.ofDays(1));
            require("breakerPause", breakerPause, Duration.ofDays(1));
            require("breakerWindow", breakerWindow, Duration.ofDays(1));
        }

        public static Times defaults() {
            return new Times(
                    Duration.ofSeconds(325),
                    Duration.ofSeconds(5),
                    Duration.ofMillis(250),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(5));
        }

        private static void require(String name, Duration value, Duration most) {
            if (value.isNegative() || value.isZero() || value.compareTo(most) > 0) {
                throw new BadInput(name, value, "more than 0, at most " + most);
            }
        }
    }
}
