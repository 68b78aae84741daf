package io.gatefleet.doctor.finding;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.port.Layouts;
import io.gatefleet.doctor.census.Gateway;
import java.util.ArrayList;
import java.util.List;

/** Gateways that announce themselves by multicast: two on one host claim the same name, and some crash over it. */
final class Discovery {
    private static final int MDNS = 5353;

    private Discovery() {}

    static List<Finding> of(Examination examination) {
        List<Subject> announcing = examination.byHand().stream()
                .filter(subject -> announces(examination, subject.gateway()))
                .toList();
        if (announcing.size() < 2) {
            return List.of();
        }
        List<String> evidence = new ArrayList<>();
        List<String> fix = new ArrayList<>();
        for (Subject subject : announcing) {
            evidence.add(
                    holds(examination, subject.gateway())
                            ? subject.gateway().whereabouts() + ": holds UDP " + MDNS
                            : subject.gateway().config().path() + ": announcing is not switched off");
            fix.addAll(off(examination.remedy(), subject.gateway()));
        }
        return List.of(Finding.of(
                "mdns-clash",
                Severity.WARNING,
                announcing.stream().map(Subject::name).toList(),
                evidence,
                "They announce themselves on UDP " + MDNS
                        + " under the host's one name. Name conflicts between two gateways of"
                        + " a host have crashed both.",
                fix));
    }

    private static boolean holds(Examination examination, Gateway gateway) {
        return gateway.pid() != null && examination.host().mdns().contains(gateway.pid());
    }

    private static boolean announces(Examination examination, Gateway gateway) {
        if (holds(examination, gateway)) {
            return true;
        }
        boolean off = "off".equals(gateway.settings().mdns()) && gateway.flavor() == Flavor.OPENCLAW;
        if (off || gateway.environment().on(Remedy.variables(gateway) + "DISABLE_BONJOUR")) {
            return false;
        }
        if (gateway.flavor() != Flavor.OPENCLAW) {
            return true;
        }
        // Measured: up to 2026.3.2 every gateway announces itself; 2026.9.6 does so on Linux only with the plugin.
        // Where in between that changed is not known, so nothing is claimed of those.
        boolean old = gateway.version() != null && Layouts.VERSIONS.compare(gateway.version(), "2026.3.3") < 0;
        return old || gateway.settings().bonjour();
    }

    private static List<String> off(Remedy remedy, Gateway gateway) {
        boolean keyed = gateway.flavor() == Flavor.OPENCLAW
                && (gateway.version() == null || Layouts.VERSIONS.compare(gateway.version(), "2026.3.2") >= 0);
        return keyed
                ? remedy.set(gateway, "discovery.mdns.mode", "off")
                : remedy.setVariable(gateway, Remedy.variables(gateway) + "DISABLE_BONJOUR=1");
    }
}
