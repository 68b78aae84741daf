package io.gatefleet.doctor.finding;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.doctor.port.PortUse;
import io.gatefleet.doctor.port.PortUse.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gateways that want the same ports, now or after a few more browser profiles. The worst of it is silent: a gateway that
 * is to start a browser and finds one that answers on its CDP port attaches to it, whosever it is.
 */
final class PortOverlaps {
    /** People do make this many: the manuals' old spacing of 20 ports is used up by the 20th profile. */
    private static final int PROFILES_WITHIN_REACH = 32;

    private static final int EXAMPLES = 3;

    private final Remedy remedy;
    private final List<Finding> findings = new ArrayList<>();

    private PortOverlaps(Remedy remedy) {
        this.remedy = remedy;
    }

    static List<Finding> of(Examination examination) {
        PortOverlaps overlaps = new PortOverlaps(examination.remedy());
        examination.pairs(overlaps::compare);
        return overlaps.findings;
    }

    /**
     * A port that both come to use.
     *
     * @param lowerMore further profiles of the lower gateway until it does; 0: it does now
     * @param higherMore the same of the higher one
     */
    private record Meeting(
            int port,
            int lowerMore,
            int higherMore,
            @Nullable PortUse lowerUse,
            @Nullable PortUse higherUse) {
        boolean chromes() {
            return browser(lowerUse) && browser(higherUse);
        }

        /** A port without a use is one that a further profile's browser gets. */
        private static boolean browser(@Nullable PortUse use) {
            return use == null || use.role() == Role.CDP;
        }

        Certainty certainty() {
            int more = lowerMore + higherMore;
            if (more == 0) {
                return Certainty.CERTAIN;
            }
            boolean one = lowerMore == 0 || higherMore == 0;
            return one && more <= PROFILES_WITHIN_REACH ? Certainty.LIKELY : Certainty.POSSIBLE;
        }

        int effort() {
            // Profiles in one gateway are likelier than the same number spread over two.
            return (lowerMore + higherMore) * (lowerMore > 0 && higherMore > 0 ? 2 : 1);
        }
    }

    private void compare(Subject lower, Subject higher) {
        if (lower.base() == higher.base()) {
            findings.add(sameBase(lower, higher));
            return;
        }
        List<Meeting> meetings = new ArrayList<>();
        lower.ports().all().and(higher.ports().all()).stream().forEach(port -> {
            PortUse lowerUse = lower.ports().use(port).orElse(null);
            PortUse higherUse = higher.ports().use(port).orElse(null);
            // Plugins' ports do not follow the base, and have a finding of their own.
            if (!plugin(lowerUse) && !plugin(higherUse)) {
                meetings.add(new Meeting(
                        port,
                        lower.ports().profilesUntil(port).orElse(0),
                        higher.ports().profilesUntil(port).orElse(0),
                        lowerUse,
                        higherUse));
            }
        });
        leak(lower, higher, meetings).ifPresent(findings::add);
        collision(lower, higher, meetings).ifPresent(findings::add);
    }

    private static boolean plugin(@Nullable PortUse use) {
        return use != null && use.role() == Role.PLUGIN;
    }

    private Finding sameBase(Subject lower, Subject higher) {
        List<String> evidence = new ArrayList<>(List.of(lower.standing(), higher.standing()));
        String meaning = "Both want port " + lower.base() + ", so only one of them can run";
        if (lower.is(Flavor.OMNICLAW) && higher.is(Flavor.OMNICLAW)) {
            meaning += ": an OmniClaw that starts kills the other one.";
        } else {
            meaning += ": the other one ends with EADDRINUSE, after up to half a minute.";
        }
        return Finding.of(
                "same-base",
                Severity.CRITICAL,
                List.of(lower.name(), higher.name()),
                evidence,
                meaning,
                mover(lower, higher));
    }

    private Optional<Finding> leak(Subject lower, Subject higher, List<Meeting> meetings) {
        Meeting first = easiest(meetings.stream().filter(Meeting::chromes).toList());
        if (first == null) {
            return Optional.empty();
        }
        Certainty certainty = first.certainty();
        List<String> evidence = new ArrayList<>(List.of(lower.standing(), higher.standing()));
        evidence.add("port " + first.port() + ": " + use(lower, first.lowerUse(), first.lowerMore()) + "; "
                + use(higher, first.higherUse(), first.higherMore()));
        evidence.add("both can come to use " + together(lower, higher));
        return Optional.of(new Finding(
                "tab-leak",
                certainty == Certainty.POSSIBLE ? Severity.WARNING : Severity.CRITICAL,
                certainty,
                List.of(lower.name(), higher.name()),
                evidence,
                attaches(lower, higher, first),
                mover(lower, higher)));
    }

    private static String attaches(Subject lower, Subject higher, Meeting meeting) {
        String silent = " It reads that browser's tabs. No error, no line in the log.";
        if (meeting.lowerMore() > 0 && meeting.higherMore() == 0) {
            return after(lower, meeting.lowerMore()) + " attaches to the Chrome of " + higher.name() + " on port "
                    + meeting.port() + "." + silent;
        }
        if (meeting.higherMore() > 0 && meeting.lowerMore() == 0) {
            return after(higher, meeting.higherMore()) + " attaches to the Chrome of " + lower.name() + " on port "
                    + meeting.port() + "." + silent;
        }
        String when = meeting.lowerMore() == 0
                ? "With the profiles that they have"
                : "With %s in %s and %s in %s"
                        .formatted(
                                profiles(meeting.lowerMore()),
                                lower.name(),
                                profiles(meeting.higherMore()),
                                higher.name());
        return when + ", both have a browser on port " + meeting.port()
                + ": whichever starts its browser second attaches to the Chrome of the other one." + silent;
    }

    private static String after(Subject subject, int more) {
        return "After " + profiles(more) + ", " + subject.name();
    }

    private static String profiles(int more) {
        return more + " more browser profile" + (more == 1 ? "" : "s");
    }

    private Optional<Finding> collision(Subject lower, Subject higher, List<Meeting> meetings) {
        List<Meeting> collisions = meetings.stream()
                .filter(meeting -> !meeting.chromes())
                .sorted(Comparator.comparingInt(Meeting::effort).thenComparing(Meeting::port))
                .toList();
        if (collisions.isEmpty()) {
            return Optional.empty();
        }
        Certainty certainty = collisions.get(0).certainty();
        Severity severity =
                switch (certainty) {
                    case CERTAIN -> Severity.CRITICAL;
                    case LIKELY -> Severity.WARNING;
                    case POSSIBLE -> Severity.INFO;
                };
        List<String> evidence = new ArrayList<>(List.of(lower.standing(), higher.standing()));
        collisions.stream()
                .limit(EXAMPLES)
                .forEach(meeting -> evidence.add("port " + meeting.port() + ": "
                        + use(lower, meeting.lowerUse(), meeting.lowerMore()) + "; "
                        + use(higher, meeting.higherUse(), meeting.higherMore())));
        if (collisions.size() > EXAMPLES) {
            evidence.add("and " + (collisions.size() - EXAMPLES) + " ports more");
        }
        String spacing = "They stand " + (higher.base() - lower.base()) + " ports apart, and a gateway with browsers"
                + " needs 111. ";
        return Optional.of(new Finding(
                "footprints-overlap",
                severity,
                certainty,
                List.of(lower.name(), higher.name()),
                evidence,
                spacing
                        + "Whoever binds such a port first keeps it: a browser does not start (PortInUseError), or, if the"
                        + " browser was first, the gateway cannot start again (EADDRINUSE).",
                mover(lower, higher)));
    }

    private static @Nullable Meeting easiest(List<Meeting> meetings) {
        return meetings.stream()
                .min(Comparator.comparingInt(Meeting::effort).thenComparing(Meeting::port))
                .orElse(null);
    }

    private static String use(Subject subject, @Nullable PortUse use, int more) {
        return subject.name() + ", " + (use == null ? profiles(more) : use.what());
    }

    private static PortSet together(Subject lower, Subject higher) {
        return lower.ports().all().and(higher.ports().all());
    }

    /** The higher one moves, unless Gatefleet runs it: its lease stays, and strangers go. */
    private List<String> mover(Subject lower, Subject higher) {
        return remedy.move(higher.gateway().leased() ? lower : higher);
    }
}
