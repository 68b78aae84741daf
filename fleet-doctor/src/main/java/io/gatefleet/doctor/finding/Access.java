package io.gatefleet.doctor.finding;

import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.doctor.census.Gateway;
import io.gatefleet.doctor.census.Secret;
import io.gatefleet.doctor.census.Unit;
import io.gatefleet.doctor.port.GatewayPorts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who gets in: tokens, and the addresses that gateways bind. */
final class Access {
    private Access() {}

    static List<Finding> of(Examination examination) {
        List<Finding> findings = new ArrayList<>();
        for (Subject subject : examination.byHand()) {
            Reach reach = Reach.of(examination, subject);
            secret(examination, subject, reach).ifPresent(findings::add);
            exposed(examination, subject, reach).ifPresent(findings::add);
            argument(examination, subject).ifPresent(findings::add);
            unit(examination, subject).ifPresent(findings::add);
            drift(examination, subject).ifPresent(findings::add);
        }
        return findings;
    }

    /**
     * Which addresses a gateway binds.
     *
     * @param everywhere all of the machine
     * @param evidence who says so
     */
    private record Reach(boolean everywhere, String evidence) {
        static Reach of(Examination examination, Subject subject) {
            Gateway gateway = subject.gateway();
            Optional<Listener> open = gateway.listeners().stream()
                    .filter(listener -> listener.port() == subject.base() && GatewayPorts.everywhere(listener))
                    .findFirst();
            if (open.isPresent()) {
                return new Reach(
                        true,
                        gateway.whereabouts() + ": listens on " + open.get().address() + ":" + subject.base());
            }
            String config = gateway.config().path();
            String bind = gateway.flags().bind() != null
                    ? gateway.flags().bind()
                    : gateway.settings().bind();
            String says = gateway.flags().bind() != null ? "--bind " + bind : config + ": gateway.bind is " + bind;
            if (bind == null || bind.equals("auto")) {
                return container(examination, gateway)
                        ? new Reach(
                                true,
                                config + ": gateway.bind is " + (bind == null ? "not set" : bind)
                                        + ", and this is a container")
                        : new Reach(false, "loopback");
            }
            String host = gateway.settings().bindHost();
            boolean all = bind.equals("lan")
                    || bind.equals("0.0.0.0")
                    || (bind.equals("custom") && (host == null || host.equals("0.0.0.0")));
            // OmniClaw refuses to start with such an address unless it is told twice.
            boolean refused = gateway.flavor() == Flavor.OMNICLAW
                    && !gateway.environment().on("OMNICLAW_ALLOW_PUBLIC_BIND");
            return new Reach(all && !refused, says);
        }

        /** Newer OpenClaw takes a container's network for the container's own, and binds all of it. */
        private static boolean container(Examination examination, Gateway gateway) {
            String tailscale = gateway.settings().tailscale();
            return gateway.flavor() == Flavor.OPENCLAW
                    && GatewayPorts.layout(gateway).before() == null
                    && examination.host().container()
                    && (tailscale == null || tailscale.equals("off"));
        }
    }

    private static Secret best(Gateway gateway, Secret configured, String variable, boolean flag) {
        if (flag || configured.usable()) {
            return Secret.PRESENT;
        }
        Secret given = gateway.environment().secret(Remedy.variables(gateway) + variable);
        if (!given.usable() && gateway.flavor() == Flavor.OMNICLAW) {
            given = gateway.environment().secret("CLAWDBOT_" + variable);
        }
        return given.usable() || configured == Secret.ABSENT ? given : configured;
    }

    private static Optional<Finding> secret(Examination examination, Subject subject, Reach reach) {
        Gateway gateway = subject.gateway();
        if (gateway.trouble() != null) {
            return Optional.empty(); // what the file says is not known
        }
        Secret token = best(
                gateway,
                gateway.settings().token(),
                "GATEWAY_TOKEN",
                gateway.flags().token());
        Secret password = best(
                gateway,
                gateway.settings().password(),
                "GATEWAY_PASSWORD",
                gateway.flags().token());
        String said = gateway.settings().authMode();
        String mode = said != null ? said : mode(gateway, token, password);
        Outcome outcome =
                switch (mode) {
                    case "none" -> open(reach);
                    case "token" -> token.usable() ? null : without(gateway, reach);
                    case "password" ->
                        password.usable()
                                ? null
                                : new Outcome(
                                        Severity.WARNING,
                                        "It does not start: its mode is password, and there is none.");
                    default -> null; // a proxy in front decides
                };
        if (outcome == null) {
            return Optional.empty();
        }
        String evidence = gateway.config().path() + ": "
                + (said == null ? "no gateway.auth.mode" : "gateway.auth.mode is " + said) + ", "
                + (mode.equals("password") ? "gateway.auth.password is " : "gateway.auth.token is ")
                + shown(mode.equals("password") ? password : token);
        return Optional.of(Finding.of(
                mode.equals("none") && said != null ? "auth-off" : "token-missing",
                outcome.severity(),
                List.of(subject.name()),
                List.of(evidence, reach.everywhere() ? reach.evidence() : "it binds loopback"),
                outcome.meaning(),
                fix(examination.remedy(), gateway)));
    }

    private static List<String> fix(Remedy remedy, Gateway gateway) {
        List<String> commands = new ArrayList<>();
        if (gateway.settings().authMode() != null) {
            commands.add(remedy.cli(gateway, "config set gateway.auth.mode token"));
        }
        commands.add(remedy.cli(gateway, "doctor --generate-gateway-token"));
        commands.addAll(remedy.restart(gateway));
        return commands;
    }

    private static String shown(Secret secret) {
        return secret == Secret.EMPTY ? "empty" : "not set, nor in the environment";
    }

    private record Outcome(Severity severity, String meaning) {}

    private static String mode(Gateway gateway, Secret token, Secret password) {
        if (password.usable()) {
            return "password";
        }
        // Only Clawdbot takes a configuration without a token for the wish to have none.
        return token.usable() || gateway.flavor() != Flavor.CLAWDBOT ? "token" : "none";
    }

    private static Outcome open(Reach reach) {
        return reach.everywhere()
                ? new Outcome(
                        Severity.CRITICAL,
                        "Anybody who reaches this machine may command its agent, or it refuses to start.")
                : new Outcome(
                        Severity.CRITICAL,
                        "Every user and every program of this machine may command its agent: the WebSocket opens without a"
                                + " token.");
    }

    private static Outcome without(Gateway gateway, Reach reach) {
        return switch (gateway.flavor()) {
            case OPENCLAW, SIMULATED ->
                reach.everywhere()
                        ? new Outcome(
                                Severity.WARNING,
                                "It does not start (exit 78): it binds no open address without a token.")
                        : new Outcome(
                                Severity.WARNING,
                                "At each start it makes up a token that nobody is told, so nobody can connect.");
            case CLAWDBOT, OMNICLAW ->
                new Outcome(Severity.WARNING, "It does not start (exit 1): its mode is token, and there is none.");
        };
    }

    private static Optional<Finding> exposed(Examination examination, Subject subject, Reach reach) {
        if (!reach.everywhere()) {
            return Optional.empty();
        }
        return Optional.of(Finding.of(
                "binds-everywhere",
                Severity.WARNING,
                List.of(subject.name()),
                List.of(reach.evidence()),
                "Everybody who reaches this machine reaches the gateway; its token alone keeps them out.",
                examination.remedy().set(subject.gateway(), "gateway.bind", "loopback")));
    }

    private static Optional<Finding> argument(Examination examination, Subject subject) {
        Gateway gateway = subject.gateway();
        if (!gateway.flags().token()) {
            return Optional.empty();
        }
        List<String> fix = new ArrayList<>();
        fix.add(examination.remedy().cli(gateway, "doctor --generate-gateway-token"));
        Unit unit = gateway.unit();
        if (unit != null) {
            fix.add(examination.remedy().edit(gateway, unit) + "   # [Service] ExecStart= without it");
        }
        return Optional.of(Finding.of(
                "token-in-arguments",
                Severity.WARNING,
                List.of(subject.name()),
                List.of(gateway.whereabouts() + ": --token or --password"),
                "Every user of this machine can read the arguments of every process.",
                fix));
    }

    private static Optional<Finding> unit(Examination examination, Subject subject) {
        Unit unit = subject.gateway().unit();
        if (unit == null
                || !unit.inlineSecret()
                || !unit.file().open()
                || !unit.file().reachable()) {
            return Optional.empty();
        }
        return Optional.of(Finding.of(
                "token-in-unit",
                Severity.WARNING,
                List.of(subject.name()),
                List.of(unit.path() + ": Environment= with a token or password, mode "
                        + unit.file().shownMode() + " (expected: 0600)"),
                "Every user of this machine can read it; and it goes on after the configuration's token has changed.",
                List.of(
                        unit.personal()
                                ? examination
                                        .remedy()
                                        .onFiles(subject.gateway(), "chmod 600 " + Remedy.quoted(unit.path()))
                                : "chmod 600 " + Remedy.quoted(unit.path()))));
    }

    private static Optional<Finding> drift(Examination examination, Subject subject) {
        Gateway gateway = subject.gateway();
        if (!gateway.tokensDiffer()) {
            return Optional.empty();
        }
        String variable = Remedy.variables(gateway) + "GATEWAY_TOKEN";
        Unit unit = gateway.unit();
        @Nullable String edit = unit == null ? null : examination.remedy().edit(gateway, unit);
        return Optional.of(Finding.of(
                "token-drift",
                Severity.WARNING,
                List.of(subject.name()),
                List.of(
                        gateway.config().path() + ": gateway.auth.token",
                        variable + " of " + (unit == null ? gateway.whereabouts() : unit.path()) + ": another one"),
                "Two tokens, and the versions disagree which of them counts: a client with the wrong one is turned away.",
                List.of(edit == null ? "unset " + variable : edit + "   # without " + variable)));
    }
}
