package io.gatefleet.doctor.finding;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.port.Layouts;
import io.gatefleet.doctor.census.Gateway;
import io.gatefleet.doctor.census.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What keeps a gateway from starting, or lets it start in somebody else's place. */
final class Starting {
    private Starting() {}

    static List<Finding> of(Examination examination) {
        List<Finding> findings = new ArrayList<>();
        for (Subject subject : examination.byHand()) {
            trouble(examination, subject).ifPresent(findings::add);
            inherited(examination, subject).ifPresent(findings::add);
            force(examination, subject).ifPresent(findings::add);
        }
        return findings;
    }

    private static Optional<Finding> trouble(Examination examination, Subject subject) {
        String trouble = subject.gateway().trouble();
        if (trouble == null) {
            return Optional.empty();
        }
        String path = subject.gateway().config().path();
        return Optional.of(Finding.of(
                "config-broken",
                Severity.WARNING,
                List.of(subject.name()),
                List.of(path + ": " + trouble),
                "The gateway cannot read it either, and does not start. What is said here of its ports is only what the"
                        + " environment and the defaults say.",
                List.of(examination.remedy().onFiles(subject.gateway(), "vi " + Remedy.quoted(path)))));
    }

    private static Optional<Finding> inherited(Examination examination, Subject subject) {
        Gateway gateway = subject.gateway();
        boolean falls = gateway.flavor() == Flavor.OMNICLAW
                || (gateway.flavor() == Flavor.OPENCLAW
                        && gateway.version() != null
                        && Layouts.VERSIONS.compare(gateway.version(), "2026.7.1") < 0);
        List<String> variables = List.of("GATEWAY_PORT", "STATE_DIR", "CONFIG_PATH").stream()
                .filter(name -> gateway.environment().value("CLAWDBOT_" + name).isPresent())
                .filter(name -> gateway.environment()
                        .value(Remedy.variables(gateway) + name)
                        .isEmpty())
                .map(name -> "CLAWDBOT_" + name)
                .toList();
        if (!falls || variables.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Finding.of(
                "inherited-environment",
                Severity.WARNING,
                List.of(subject.name()),
                variables.stream()
                        .map(name ->
                                name + "=" + gateway.environment().value(name).orElse("") + " in the environment of "
                                        + gateway.whereabouts())
                        .toList(),
                "This family obeys Clawdbot's variables where its own are not set: it stands where a Clawdbot was meant to.",
                examination
                        .remedy()
                        .setVariable(
                                gateway, variables.get(0).replace("CLAWDBOT_", Remedy.variables(gateway)) + "=...")));
    }

    private static Optional<Finding> force(Examination examination, Subject subject) {
        Gateway gateway = subject.gateway();
        Unit unit = gateway.unit();
        if (!gateway.flags().force()) {
            return Optional.empty();
        }
        return Optional.of(Finding.of(
                "kills-by-port",
                Severity.WARNING,
                List.of(subject.name()),
                List.of((unit == null ? gateway.whereabouts() : unit.path()) + ": --force"),
                "At each start it kills whatever listens on port " + subject.base() + ", gateway or not.",
                List.of(
                        unit == null
                                ? "# start it without --force"
                                : examination.remedy().edit(gateway, unit)
                                        + "   # [Service] ExecStart= without --force")));
    }
}
