package io.gatefleet.doctor.finding;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.doctor.census.Gateway;
import io.gatefleet.doctor.census.Host;
import io.gatefleet.doctor.census.Unit;
import io.gatefleet.doctor.port.BasePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** The commands that mend things, as a person would type them. */
final class Remedy {
    private final Host host;
    private final FreeBases bases;

    Remedy(Host host, FreeBases bases) {
        this.host = host;
        this.bases = bases;
    }

    /** The gateway's own command line, so that it talks to this gateway and to no other. */
    String cli(Gateway gateway, String arguments) {
        StringBuilder command = new StringBuilder();
        String family = gateway.flavor().toString();
        String prefix = variables(gateway);
        String account = Optional.ofNullable(host.homes().get(gateway.user())).orElse(gateway.home());
        String suffix = gateway.profile() == null ? "" : "-" + gateway.profile();
        boolean canonical = gateway.state().path().equals(account + "/." + family + suffix);
        List<String> assignments = new ArrayList<>();
        if (!canonical) {
            assignments.add(prefix + "STATE_DIR=" + quoted(gateway.state().path()));
        }
        if (!gateway.config().path().equals(gateway.state().path() + "/" + family + ".json")) {
            assignments.add(prefix + "CONFIG_PATH=" + quoted(gateway.config().path()));
        }
        if (others(gateway)) {
            command.append("sudo -iu ").append(quoted(gateway.user())).append(assignments.isEmpty() ? " " : " env ");
        }
        assignments.forEach(assignment -> command.append(assignment).append(' '));
        command.append(family);
        if (canonical && gateway.profile() != null) {
            command.append(" --profile ").append(quoted(gateway.profile()));
        }
        return command.append(' ').append(arguments).toString();
    }

    /** {@code config set KEY VALUE}, and what makes the gateway notice. */
    List<String> set(Gateway gateway, String key, String value) {
        List<String> commands = new ArrayList<>(List.of(cli(gateway, "config set " + key + " " + value)));
        commands.addAll(restart(gateway));
        return commands;
    }

    /** A variable of the environment, where there is no key for it. */
    List<String> setVariable(Gateway gateway, String assignment) {
        Unit unit = gateway.unit();
        if (unit == null) {
            return List.of(
                    "export " + assignment + "   # where " + gateway.name() + " is started; then start it again");
        }
        return List.of(
                edit(gateway, unit) + "   # [Service] Environment=" + assignment, systemctl(gateway, unit, "restart"));
    }

    List<String> restart(Gateway gateway) {
        Unit unit = gateway.unit();
        if (unit != null) {
            return List.of(systemctl(gateway, unit, "restart"));
        }
        return gateway.runs() ? List.of("# then stop " + gateway.whereabouts() + " and start it again") : List.of();
    }

    String edit(Gateway gateway, Unit unit) {
        return systemctl(gateway, unit, "edit");
    }

    String systemctl(Gateway gateway, Unit unit, String verb) {
        String whose =
                !unit.personal() ? "" : others(gateway) ? "--user -M " + quoted(gateway.user()) + "@ " : "--user ";
        return "systemctl " + whose + verb + " " + quoted(unit.name());
    }

    /** Gives a gateway a base with 111 ports of its own. */
    List<String> move(Subject subject) {
        OptionalInt free = bases.forGateway(subject);
        if (free.isEmpty()) {
            return List.of("# no 111 ports in a row are free from " + FreeBases.POOL + " on this host");
        }
        return moveTo(subject.gateway(), subject.ports().base().source(), free.getAsInt());
    }

    private List<String> moveTo(Gateway gateway, BasePort.Source source, int base) {
        Unit unit = gateway.unit();
        return switch (source) {
            case FLAG -> {
                if (unit == null) {
                    yield List.of("# stop " + gateway.whereabouts() + " and start it again with --port " + base);
                }
                yield List.of(
                        edit(gateway, unit) + "   # [Service] ExecStart= with --port " + base,
                        systemctl(gateway, unit, "restart"));
            }
            case ENVIRONMENT -> setVariable(gateway, variables(gateway) + "GATEWAY_PORT=" + base);
            case LOCK, KERNEL ->
                List.of(
                        cli(gateway, "config set gateway.port " + base),
                        "# then stop " + gateway.whereabouts() + " and start it again without another --port");
            case CONFIG, HASHED, DEFAULT -> set(gateway, "gateway.port", Integer.toString(base));
        };
    }

    /**
     * A command on a gateway's files, with the rights of the gateway's user and no more: what looks like a file of theirs may
     * be a link to one of the host's.
     */
    String onFiles(Gateway gateway, String command) {
        return others(gateway) ? "sudo -u " + quoted(gateway.user()) + " " + command : command;
    }

    private boolean others(Gateway gateway) {
        return !gateway.user().isEmpty() && !gateway.user().equals(host.user());
    }

    FreeBases bases() {
        return bases;
    }

    /** For example {@code OPENCLAW_}. */
    static String variables(Gateway gateway) {
        return gateway.flavor() == Flavor.SIMULATED
                ? "OPENCLAW_"
                : gateway.flavor().name().toUpperCase(Locale.ROOT) + "_";
    }

    /** A word for a shell. */
    static String quoted(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./~-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
