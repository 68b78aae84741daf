package io.gatefleet.doctor.finding;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.doctor.port.BasePort;
import io.gatefleet.doctor.port.PortUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Base ports that are no good by themselves. */
final class BasePorts {
    private BasePorts() {}

    static List<Finding> of(Examination examination) {
        List<Finding> findings = new ArrayList<>();
        for (Subject subject : examination.byHand()) {
            tooHigh(examination, subject).ifPresent(findings::add);
            ignored(examination, subject).ifPresent(findings::add);
            unstated(examination, subject).ifPresent(findings::add);
            wrongCli(examination, subject).ifPresent(findings::add);
        }
        return findings;
    }

    private static Optional<Finding> tooHigh(Examination examination, Subject subject) {
        if (subject.base() <= BasePort.HIGHEST
                || !subject.gateway().settings().browser().enabled()) {
            return Optional.empty();
        }
        String browsers = subject.ports().now().stream()
                .filter(use -> use.role() == PortUse.Role.CDP)
                .findFirst()
                .map(use -> "its first browser gets port " + use.port())
                .orElse("it has no browser");
        return Optional.of(Finding.of(
                "base-above-cap",
                Severity.WARNING,
                List.of(subject.name()),
                List.of(subject.standing(), browsers),
                "Above " + BasePort.HIGHEST
                        + " the 100 CDP ports end beyond 65535. The gateway says nothing: the newer ones"
                        + " take 18800 to 18899 instead, where the first gateway of the host has its browsers; the older ones"
                        + " have a single port.",
                examination.remedy().move(subject)));
    }

    private static Optional<Finding> ignored(Examination examination, Subject subject) {
        String ignored = subject.ports().ignored();
        if (ignored == null) {
            return Optional.empty();
        }
        String meaning = subject.is(Flavor.OPENCLAW)
                ? "OpenClaw removes a port that is none from its configuration and starts on " + subject.base()
                        + ", where another gateway may stand."
                : "It does not start with a port that is none.";
        return Optional.of(Finding.of(
                "port-invalid",
                Severity.CRITICAL,
                List.of(subject.name()),
                List.of(subject.gateway().config().path() + ": gateway.port is " + ignored + " (expected: 1 to "
                        + BasePort.HIGHEST + ")"),
                meaning,
                examination.remedy().move(subject)));
    }

    /** Alone and on the default port nobody is hurt; a second gateway, or a profile, makes it a trap. */
    private static Optional<Finding> unstated(Examination examination, Subject subject) {
        BasePort base = subject.ports().base();
        boolean decided = base.explicit()
                || base.source() == BasePort.Source.LOCK
                || base.source() == BasePort.Source.KERNEL
                || subject.ports().ignored() != null;
        boolean alone = examination.subjects().size() == 1 && subject.gateway().profile() == null;
        if (decided || alone || subject.gateway().unit() == null) {
            return Optional.empty();
        }
        String where = base.source() == BasePort.Source.HASHED
                ? "it stands on a hash of its profile's name, " + base.port()
                        + "; before OpenClaw 2026.8 the same unit stood on 18789"
                : "it stands on " + base.port() + ", as every other gateway without a port does";
        return Optional.of(Finding.of(
                "unit-without-port",
                Severity.WARNING,
                List.of(subject.name()),
                List.of(subject.gateway().unit().path() + ": neither --port nor "
                        + Remedy.variables(subject.gateway()) + "GATEWAY_PORT; "
                        + subject.gateway().config().path() + ": no gateway.port"),
                "Nobody says where this gateway stands: " + where + ".",
                examination.remedy().set(subject.gateway(), "gateway.port", Integer.toString(base.port()))));
    }

    /** Clawdbot's command line and its agents' tools look for browser control by the variable, never by the file. */
    private static Optional<Finding> wrongCli(Examination examination, Subject subject) {
        boolean moved = subject.gateway().settings().browser().controlUrl() != null
                || subject.gateway()
                        .environment()
                        .value("CLAWDBOT_BROWSER_CONTROL_URL")
                        .isPresent();
        if (!subject.is(Flavor.CLAWDBOT)
                || subject.base() == BasePort.DEFAULT
                || moved
                || !subject.gateway().settings().browser().enabled()) {
            return Optional.empty();
        }
        String whose = examination.subjects().stream()
                .filter(other -> other.base() == BasePort.DEFAULT)
                .findFirst()
                .map(other -> "of " + other.name())
                .orElse("of whoever stands on " + BasePort.DEFAULT);
        return Optional.of(Finding.of(
                "cli-reaches-other-gateway",
                Severity.WARNING,
                List.of(subject.name()),
                List.of(subject.standing(), subject.gateway().config().path() + ": no browser.controlUrl"),
                "`clawdbot browser ...` does not read gateway.port: without CLAWDBOT_GATEWAY_PORT it talks to port 18791, the"
                        + " browser control " + whose + ".",
                examination
                        .remedy()
                        .set(subject.gateway(), "browser.controlUrl", "http://127.0.0.1:" + (subject.base() + 2))));
    }
}
