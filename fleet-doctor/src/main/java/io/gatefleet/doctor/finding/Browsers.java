package io.gatefleet.doctor.finding;

import io.gatefleet.doctor.census.Chrome;
import io.gatefleet.doctor.port.PortUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** Browsers that outlived their gateway, and browsers that are nobody's and answer where a gateway will look. */
final class Browsers {
    private Browsers() {}

    static List<Finding> of(Examination examination) {
        List<Finding> findings = new ArrayList<>();
        for (Chrome chrome : examination.census().chromes()) {
            String state = chrome.state();
            if (state != null && chrome.orphan()) {
                orphan(examination, chrome, state).ifPresent(findings::add);
            } else if (state == null && chrome.port() != null) {
                stranger(examination, chrome, chrome.port()).ifPresent(findings::add);
            }
        }
        return findings;
    }

    private static Optional<Finding> orphan(Examination examination, Chrome chrome, String state) {
        Optional<Subject> owner = examination.subjects().stream()
                .filter(subject -> subject.gateway().state().real().equals(state))
                .findFirst();
        if (owner.filter(subject -> subject.gateway().leased()).isPresent()) {
            return Optional.empty(); // its node reaps or adopts it
        }
        List<String> evidence =
                new ArrayList<>(List.of("pid " + chrome.pid() + ": no parent, --user-data-dir=" + chrome.userData()));
        String port = "";
        if (chrome.port() != null) {
            evidence.add("port " + chrome.port() + ": answers the DevTools protocol");
            port = " Whoever opens port " + chrome.port() + " reads its tabs, the next gateway that derives that port"
                    + " included.";
        }
        return Optional.of(Finding.of(
                "orphaned-chrome",
                Severity.WARNING,
                List.of(owner.map(Subject::name).orElse("the gateway of " + state)),
                evidence,
                "The process that started this browser is gone, and the browser is not: it keeps its memory, its port and"
                        + " its lock on the user data." + port,
                List.of("kill " + chrome.pid())));
    }

    private static Optional<Finding> stranger(Examination examination, Chrome chrome, int port) {
        List<String> names = new ArrayList<>();
        List<String> evidence = new ArrayList<>(List.of("pid " + chrome.pid() + ": listens on " + port
                + (chrome.userData() == null ? "" : ", --user-data-dir=" + chrome.userData())));
        boolean now = false;
        for (Subject subject : examination.subjects()) {
            Optional<PortUse> use = subject.ports().use(port).filter(one -> one.role() == PortUse.Role.CDP);
            OptionalInt more = subject.ports().profilesUntil(port);
            if (use.isPresent() || more.isPresent()) {
                names.add(subject.name());
                now |= use.isPresent();
                evidence.add("port " + port + ": "
                        + use.map(PortUse::what).orElseGet(() -> more.getAsInt() + " more browser profiles") + " of "
                        + subject.name());
            }
        }
        if (names.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Finding(
                "foreign-chrome",
                now ? Severity.CRITICAL : Severity.WARNING,
                now ? Certainty.CERTAIN : Certainty.POSSIBLE,
                names,
                evidence,
                "A browser that no gateway started answers where " + Objects.requireNonNull(names.get(0))
                        + " looks for its own: it attaches, and its agent works in that browser's tabs.",
                List.of("# close that browser, or start it with another --remote-debugging-port: pid "
                        + chrome.pid())));
    }
}
