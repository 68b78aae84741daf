package io.gatefleet.doctor.finding;

import io.gatefleet.doctor.census.Gateway;
import io.gatefleet.doctor.census.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** State and configuration that others may read or write: directories want 0700, files 0600. */
final class OpenPlaces {
    private OpenPlaces() {}

    static List<Finding> of(Examination examination) {
        List<Finding> findings = new ArrayList<>();
        for (Subject subject : examination.byHand()) {
            Gateway gateway = subject.gateway();
            List<Place> open = Stream.concat(
                            Stream.of(gateway.state(), gateway.config()), gateway.confidential().stream())
                    .filter(Place::open)
                    .distinct()
                    .toList();
            if (!open.isEmpty()) {
                findings.add(open(examination.remedy(), subject, open));
            }
        }
        return findings;
    }

    private static Finding open(Remedy remedy, Subject subject, List<Place> open) {
        boolean reachable = open.stream().anyMatch(Place::reachable);
        boolean written = open.stream().anyMatch(place -> place.reachable() && place.writable());
        // A directory that others may list is one thing; a file with the token in it is another.
        boolean read = open.stream().anyMatch(place -> place.reachable() && !place.directory());
        String who = written
                ? "Other users can change what this gateway obeys."
                : read
                        ? "Other users can read its token, its channels' credentials and its configuration."
                        : reachable
                                ? "Other users can see what is in its state."
                                : "Only the directories above keep other users out.";
        return Finding.of(
                "mode-too-open",
                written || read ? Severity.CRITICAL : reachable ? Severity.WARNING : Severity.INFO,
                List.of(subject.name()),
                open.stream()
                        .map(place ->
                                place.path() + ": mode " + place.shownMode() + " (expected: " + place.rightMode() + ")")
                        .toList(),
                who,
                open.stream()
                        .map(place -> remedy.onFiles(
                                subject.gateway(),
                                "chmod " + place.rightMode().substring(1) + " " + Remedy.quoted(place.path())))
                        .toList());
    }
}
