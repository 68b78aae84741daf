package io.gatefleet.doctor.finding;

import io.gatefleet.doctor.census.Settings.PluginPort;
import io.gatefleet.doctor.port.PortUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Plugins that listen on a port of their own, whatever the base: two gateways with the same plugin collide. */
final class PluginPorts {
    private PluginPorts() {}

    private record Holder(Subject subject, String plugin, PluginPort where) {
        String name() {
            return subject.name() + " (" + plugin + ")";
        }

        String evidence() {
            String file = subject.gateway().config().path();
            return where.pinned() ? file + ": " + where.key() : file + ": " + plugin + ", by default";
        }
    }

    static List<Finding> of(Examination examination) {
        Map<Integer, List<Holder>> holders = new TreeMap<>();
        for (Subject subject : examination.subjects()) {
            new TreeMap<>(subject.gateway().settings().plugins())
                    .forEach((plugin, where) -> holders.computeIfAbsent(where.port(), port -> new ArrayList<>())
                            .add(new Holder(subject, plugin, where)));
        }
        List<Finding> findings = new ArrayList<>();
        holders.forEach((port, sharing) -> {
            boolean byHand = sharing.stream()
                    .anyMatch(holder -> !holder.subject().gateway().leased());
            if (sharing.size() > 1 && byHand) {
                findings.add(shared(examination, port, sharing));
            }
        });
        for (Subject subject : examination.byHand()) {
            subject.gateway().settings().plugins().forEach((plugin, where) -> examination.subjects().stream()
                    .filter(other -> other.ports()
                            .use(where.port())
                            .filter(use -> use.role() != PortUse.Role.PLUGIN && use.role() != PortUse.Role.SEEN)
                            .isPresent())
                    .forEach(other -> findings.add(onGateway(examination, new Holder(subject, plugin, where), other))));
        }
        return findings;
    }

    private static Finding shared(Examination examination, int port, List<Holder> sharing) {
        Holder mover = sharing.get(sharing.size() - 1);
        return Finding.of(
                "plugin-port-shared",
                Severity.WARNING,
                sharing.stream().map(Holder::name).toList(),
                sharing.stream().map(Holder::evidence).toList(),
                "All of them listen on port " + port
                        + ", which does not follow the gateway's base: the first one gets the"
                        + " messages, the others do not start.",
                move(examination, mover));
    }

    private static Finding onGateway(Examination examination, Holder holder, Subject other) {
        return Finding.of(
                "plugin-port-shared",
                Severity.WARNING,
                List.of(holder.name(), other.name()),
                List.of(
                        holder.evidence(),
                        "port " + holder.where().port() + ": "
                                + other.ports()
                                        .use(holder.where().port())
                                        .map(PortUse::what)
                                        .orElse("used") + " of " + other.name()),
                "The plugin wants a port that a gateway uses itself.",
                move(examination, holder));
    }

    private static List<String> move(Examination examination, Holder holder) {
        String key = holder.where().key();
        if (key == null) {
            return List.of("# " + holder.plugin() + " cannot be moved: only one gateway of a host can use it");
        }
        OptionalInt free = examination.remedy().bases().single(holder.where().port() + 1);
        return free.isEmpty()
                ? List.of("# no port above " + holder.where().port() + " is free")
                : examination.remedy().set(holder.subject().gateway(), key, Integer.toString(free.getAsInt()));
    }
}
