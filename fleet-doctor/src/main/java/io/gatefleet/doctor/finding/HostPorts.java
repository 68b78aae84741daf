package io.gatefleet.doctor.finding;

import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.doctor.census.Chrome;
import io.gatefleet.doctor.port.PortUse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What the host itself does with the ports of its gateways: outgoing connections, NAT, other programs. */
final class HostPorts {
    private HostPorts() {}

    static List<Finding> of(Examination examination) {
        List<Finding> findings = new ArrayList<>();
        ephemeral(examination).ifPresent(findings::add);
        for (Subject subject : examination.byHand()) {
            nodePorts(examination, subject).ifPresent(findings::add);
            strangers(examination, subject).ifPresent(findings::add);
            guarded(examination, subject).ifPresent(findings::add);
        }
        return findings;
    }

    /** One finding for all gateways: one setting of the kernel mends it for all. */
    private static Optional<Finding> ephemeral(Examination examination) {
        HostFacts facts = examination.host().facts();
        List<String> names = new ArrayList<>();
        List<String> evidence = new ArrayList<>(List.of("net.ipv4.ip_local_port_range: "
                + facts.ephemeral().first() + " to " + facts.ephemeral().last()));
        PortSet needed = PortSet.EMPTY;
        for (Subject subject : examination.byHand()) {
            PortSet inside =
                    subject.ports().all().and(PortSet.of(facts.ephemeral())).minus(facts.reserved());
            if (!inside.isEmpty()) {
                names.add(subject.name());
                evidence.add(subject.standing() + ": " + inside + " inside");
                needed = needed.plus(inside);
            }
        }
        if (names.isEmpty()) {
            return Optional.empty();
        }
        String setting = "net.ipv4.ip_local_reserved_ports=" + facts.reserved().plus(needed);
        return Optional.of(Finding.of(
                "ephemeral-range",
                Severity.WARNING,
                names,
                evidence,
                "The kernel gives these ports to outgoing connections of any program; a gateway or browser that needs one in"
                        + " that moment does not start. Reserve them, or move the gateway below "
                        + facts.ephemeral().first() + ".",
                List.of(
                        "sysctl -w " + setting,
                        "echo " + setting + " > /etc/sysctl.d/60-gateways.conf   # so that it stays")));
    }

    private static Optional<Finding> nodePorts(Examination examination, Subject subject) {
        if (!examination.host().facts().nodePorts()) {
            return Optional.empty();
        }
        PortSet inside = subject.ports().all().and(PortSet.of(FreeBases.NODE_PORTS));
        if (inside.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Finding.of(
                "node-port-range",
                Severity.WARNING,
                List.of(subject.name()),
                List.of(subject.standing() + ": " + inside + " inside", "kube-proxy runs here"),
                "Kubernetes may send what comes in on " + FreeBases.NODE_PORTS
                        + " to a service of its own. No socket shows that, so the gateway starts and is not reached.",
                examination.remedy().move(subject)));
    }

    private static Optional<Finding> strangers(Examination examination, Subject subject) {
        // Gateways are compared with each other, and a browser is worse than
        // any other stranger: both are told elsewhere.
        Set<Integer> told = new HashSet<>();
        examination.subjects().forEach(other -> other.gateway().listeners().stream()
                .map(Listener::pid)
                .filter(Objects::nonNull)
                .forEach(told::add));
        examination.census().chromes().stream().map(Chrome::pid).forEach(told::add);
        List<Listener> strangers = examination.host().facts().listeners().stream()
                // Whom /proc does not name may be the gateway itself; a guarded one is Gatefleet's.
                .filter(listener -> listener.pid() != null && !listener.guarded() && !told.contains(listener.pid()))
                .filter(listener -> subject.ports().all().contains(listener.port()))
                .toList();
        if (strangers.isEmpty()) {
            return Optional.empty();
        }
        boolean now = strangers.stream()
                .anyMatch(listener -> subject.ports().use(listener.port()).isPresent());
        List<String> evidence = new ArrayList<>(List.of(subject.standing()));
        strangers.forEach(listener -> evidence.add("port " + listener.port() + " ("
                + subject.ports().use(listener.port()).map(PortUse::what).orElse("a further browser profile")
                + "): " + who(listener)));
        return Optional.of(Finding.of(
                "stranger-in-footprint",
                now ? Severity.WARNING : Severity.INFO,
                List.of(subject.name()),
                evidence,
                "Another program listens where this gateway will: what the gateway wanted there does not start.",
                examination.remedy().move(subject)));
    }

    private static String who(Listener listener) {
        return "pid " + listener.pid() + (listener.command() == null ? "" : " (" + listener.command() + ")");
    }

    /** The ports of a lease are guarded by UDP sockets; a gateway that Gatefleet does not run has none. */
    private static Optional<Finding> guarded(Examination examination, Subject subject) {
        PortSet shared = subject.ports().all().and(examination.host().facts().guards());
        // A browser's short-lived UDP socket looks like a guard of one port.
        boolean lease = shared.ranges().stream().map(PortRange::width).anyMatch(width -> width > 1);
        boolean told = examination.subjects().stream()
                .anyMatch(other -> other.gateway().leased()
                        && other.ports().all().overlaps(subject.ports().all()));
        if (!lease || told) {
            return Optional.empty();
        }
        return Optional.of(Finding.of(
                "inside-lease",
                Severity.WARNING,
                List.of(subject.name()),
                List.of(subject.standing(), "guarded: " + shared),
                "Gatefleet has lent these ports to a gateway of its own.",
                examination.remedy().move(subject)));
    }
}
