package io.gatefleet.doctor.finding;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.doctor.census.Gateway;
import io.gatefleet.doctor.census.Place;
import io.gatefleet.doctor.port.GatewayPorts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** Directories and files that two gateways write: each believes that it is alone there. */
final class SharedPlaces {
    private SharedPlaces() {}

    static List<Finding> of(Examination examination) {
        List<Finding> findings = new ArrayList<>();
        findings.addAll(shared(
                examination, subject -> Stream.of(subject.gateway().state().real()), SharedPlaces::state));
        findings.addAll(shared(
                examination,
                // Who shares the state shares the configuration too, and is told once.
                subject -> Stream.of(subject.gateway().config().real())
                        .filter(config ->
                                !config.startsWith(subject.gateway().state().real() + "/")
                                        || foreign(examination, subject)),
                (place, sharing) -> config(examination.remedy(), place, sharing)));
        findings.addAll(shared(
                examination,
                subject ->
                        subject.gateway().workspaces().stream().map(Place::real).distinct(),
                (place, sharing) -> workspace(examination, place, sharing)));
        findings.addAll(shared(
                examination,
                subject -> Stream.of(subject.gateway())
                        .filter(SharedPlaces::identityInHome)
                        .map(gateway -> gateway.flavor() + " " + gateway.home()),
                (place, sharing) -> home(sharing)));
        findings.addAll(memory(examination));
        return findings;
    }

    /** Whether somebody with another state directory reads this gateway's configuration. */
    private static boolean foreign(Examination examination, Subject subject) {
        return examination.subjects().stream()
                .anyMatch(other -> other.gateway()
                                .config()
                                .real()
                                .equals(subject.gateway().config().real())
                        && !other.gateway()
                                .state()
                                .real()
                                .equals(subject.gateway().state().real()));
    }

    private static List<Finding> shared(
            Examination examination,
            Function<Subject, Stream<String>> places,
            BiFunction<String, List<Subject>, List<Finding>> told) {
        Map<String, List<Subject>> holders = new LinkedHashMap<>();
        for (Subject subject : examination.subjects()) {
            places.apply(subject).forEach(place -> holders.computeIfAbsent(place, none -> new ArrayList<>())
                    .add(subject));
        }
        List<Finding> findings = new ArrayList<>();
        holders.forEach((place, sharing) -> {
            boolean byHand =
                    sharing.stream().anyMatch(subject -> !subject.gateway().leased());
            if (sharing.size() > 1 && byHand) {
                findings.addAll(told.apply(place, sharing));
            }
        });
        return findings;
    }

    private static List<String> names(List<Subject> sharing) {
        return sharing.stream().map(Subject::name).toList();
    }

    private static List<String> where(List<Subject> sharing, Function<Subject, String> key) {
        return sharing.stream()
                .map(subject -> subject.name() + " (" + subject.gateway().whereabouts() + "): " + key.apply(subject))
                .toList();
    }

    private static List<Finding> state(String place, List<Subject> sharing) {
        Subject mover = sharing.get(sharing.size() - 1);
        boolean locked = sharing.stream()
                .allMatch(subject -> subject.is(Flavor.OPENCLAW)
                        && GatewayPorts.layout(subject.gateway()).before() == null);
        return List.of(Finding.of(
                "shared-state",
                Severity.CRITICAL,
                names(sharing),
                where(
                        sharing,
                        subject ->
                                "state directory " + subject.gateway().state().path()),
                locked
                        ? "Both keep sessions, credentials and device identity in " + place
                                + ". The second one refuses to start (exit 78)."
                        : "Both keep sessions, credentials and device identity in " + place
                                + ". Their lock is kept per TMPDIR and per configuration file, so nothing stops them from"
                                + " writing over each other.",
                List.of("# start " + mover.name() + " with --profile NAME, or with "
                        + Remedy.variables(mover.gateway()) + "STATE_DIR and "
                        + Remedy.variables(mover.gateway()) + "CONFIG_PATH of its own")));
    }

    private static List<Finding> config(Remedy remedy, String place, List<Subject> sharing) {
        if (sharing.stream()
                        .map(subject -> subject.gateway().state().real())
                        .distinct()
                        .count()
                < 2) {
            return List.of();
        }
        Subject mover = sharing.get(sharing.size() - 1);
        Gateway gateway = mover.gateway();
        String own = gateway.state().path() + "/" + gateway.flavor() + ".json";
        return List.of(Finding.of(
                "shared-config",
                Severity.WARNING,
                names(sharing),
                where(
                        sharing,
                        subject -> "configuration " + subject.gateway().config().path()),
                "They read and rewrite one file, " + place + ": a profile or token that one of them writes is the other"
                        + " one's too.",
                List.of(
                        remedy.onFiles(
                                gateway,
                                "cp -p " + Remedy.quoted(gateway.config().path()) + " " + Remedy.quoted(own)),
                        "# then let " + Remedy.variables(gateway) + "CONFIG_PATH of " + mover.name() + " say " + own)));
    }

    private static List<Finding> workspace(Examination examination, String place, List<Subject> sharing) {
        Subject mover = sharing.get(sharing.size() - 1);
        if (sharing.stream()
                        .map(subject -> subject.gateway().state().real())
                        .distinct()
                        .count()
                < 2) {
            return List.of();
        }
        String own = mover.gateway().state().path() + "/workspace";
        return List.of(Finding.of(
                "shared-workspace",
                Severity.WARNING,
                names(sharing),
                where(sharing, subject -> "workspace " + place),
                "Their agents keep memory, instructions and files in one directory, and overwrite each other's.",
                examination.remedy().set(mover.gateway(), "agents.defaults.workspace", Remedy.quoted(own))));
    }

    /** Told where a family keeps its identity there, and of one family only: others have a directory each. */
    private static List<Finding> home(List<Subject> sharing) {
        if (sharing.stream()
                        .map(subject -> subject.gateway().state().real())
                        .distinct()
                        .count()
                < 2) {
            return List.of();
        }
        return List.of(Finding.of(
                "shared-home",
                Severity.WARNING,
                names(sharing),
                where(sharing, subject -> "HOME " + subject.gateway().home()),
                "These versions keep the device's identity and the canvas below HOME, whatever the state directory is: to"
                        + " paired devices they are one gateway.",
                List.of("# give each gateway a HOME of its own where it is started")));
    }

    /** Measured: OmniClaw 2026.2.1 and OpenClaw 2026.2.1. */
    private static boolean identityInHome(Gateway gateway) {
        return gateway.flavor() == Flavor.OMNICLAW
                || (gateway.flavor() == Flavor.OPENCLAW
                        && gateway.version() != null
                        && "2026.3".equals(GatewayPorts.layout(gateway).before()));
    }

    private static List<Finding> memory(Examination examination) {
        List<Subject> omniclaws = examination.subjects().stream()
                .filter(subject -> subject.is(Flavor.OMNICLAW))
                .toList();
        if (omniclaws.size() < 2) {
            return List.of();
        }
        return List.of(Finding.of(
                "shared-memory-store",
                Severity.WARNING,
                names(omniclaws),
                where(omniclaws, subject -> "Redis 6379, Postgres 5432 database openclaw_memory"),
                "OmniClaw's memory goes to one Redis and one Postgres database per host, with one user: what one gateway's"
                        + " agents remember, the other one's recall.",
                List.of("# run them in containers with a Redis and a Postgres each")));
    }
}
