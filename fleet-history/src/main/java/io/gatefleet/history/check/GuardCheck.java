package io.gatefleet.history.check;

import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.history.Event;
import io.gatefleet.history.Line;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether the guards of each port space excluded each other, and whether their fences grew. Pure.
 *
 * <p>A guard counts from the line that says it was taken to the last line that speaks of it. The true guard was held at
 * least that long, so two that overlap here did overlap.
 */
final class GuardCheck {
    /** The ports that TCP has. */
    private static final int PORTS = 65_536;

    private final List<Held> all = new ArrayList<>();
    private final Map<Key, Held> open = new HashMap<>();
    private final Set<PortSpace> spaces = new HashSet<>();

    private record Key(String writer, PortSet ports, InstanceKey holder) {}

    /** One guard. */
    private static final class Held {
        final InstanceKey holder;
        final PortSpace space;
        final PortSet ports;
        final long from;
        final Place taken;
        long to;
        Place last;
        final List<Fenced> fences = new ArrayList<>();

        Held(Event.Guard word, long from, Place taken) {
            this.holder = word.holder();
            this.space = word.space();
            this.ports = word.ports();
            this.from = from;
            this.taken = taken;
            this.to = from;
            this.last = taken;
        }
    }

    /** From then on the guard was held for the lease with this fence. */
    private record Fenced(Held guard, long fence, long nanos, Place place) {}

    /** The words of one writer come in the order in which it wrote them. */
    void accept(Line line, Event.Guard word, Place place) {
        spaces.add(word.space());
        Key key = new Key(line.writer(), word.ports(), word.holder());
        // A history that begins late knows a guard only from the words that are left of it.
        Held guard = word.word() == Event.Guard.Word.TAKEN ? null : open.get(key);
        if (guard == null) {
            guard = new Held(word, line.nanos(), place);
            open.put(key, guard);
            all.add(guard);
        }
        guard.to = line.nanos();
        guard.last = place;
        Long fence = word.fence();
        List<Fenced> fences = guard.fences;
        if (fence != null && (fences.isEmpty() || fences.get(fences.size() - 1).fence() != fence)) {
            fences.add(new Fenced(guard, fence, line.nanos(), place));
        }
        if (word.word() == Event.Guard.Word.LET_GO) {
            open.remove(key);
        }
    }

    int guards() {
        return all.size();
    }

    /** Leases that guards were held for. */
    int guarded() {
        return all.stream().mapToInt(guard -> guard.fences.size()).sum();
    }

    int spaces() {
        return spaces.size();
    }

    List<Violation> violations() {
        List<Violation> found = new ArrayList<>();
        for (PortSpace space : spaces) {
            List<Held> here = all.stream()
                    .filter(guard -> guard.space.equals(space))
                    .sorted(Comparator.comparingLong(guard -> guard.from))
                    .toList();
            overlaps(here, found);
            fences(here, found);
        }
        return found;
    }

    private static void overlaps(List<Held> sorted, List<Violation> found) {
        List<Held> present = new ArrayList<>();
        for (Held next : sorted) {
            for (Iterator<Held> each = present.iterator(); each.hasNext(); ) {
                Held before = each.next();
                if (before.to <= next.from) {
                    each.remove();
                } else if (before.ports.overlaps(next.ports)) {
                    found.add(new Violation(
                            Violation.Promise.EXCLUSIVE,
                            "%s took %s of %s while %s guarded %s: for %.3f s both held %s."
                                    .formatted(
                                            next.holder,
                                            next.ports,
                                            next.space,
                                            before.holder,
                                            before.ports,
                                            (Math.min(before.to, next.to) - next.from) / 1e9,
                                            before.ports.and(next.ports)),
                            before.last,
                            next.taken));
                }
            }
            present.add(next);
        }
    }

    private static void fences(List<Held> guards, List<Violation> found) {
        @Nullable Fenced[] highest = new Fenced[PORTS];
        List<Fenced> all = guards.stream()
                .flatMap(guard -> guard.fences.stream())
                .sorted(Comparator.comparingLong(Fenced::nanos))
                .toList();
        for (Fenced next : all) {
            Fenced broken = null;
            for (int port : next.guard().ports.stream().toArray()) {
                Fenced before = highest[port];
                if (before != null && goesBack(before, next)) {
                    broken = before;
                } else {
                    highest[port] = next;
                }
            }
            if (broken != null) {
                found.add(new Violation(
                        Violation.Promise.FENCED,
                        "%s guards %s with fence %d after %s guarded %s with fence %d."
                                .formatted(
                                        next.guard().holder,
                                        next.guard().ports,
                                        next.fence(),
                                        broken.guard().holder,
                                        broken.guard().ports,
                                        broken.fence()),
                        broken.place(),
                        next.place()));
            }
        }
    }

    private static boolean goesBack(Fenced before, Fenced next) {
        boolean another = !before.guard().holder.equals(next.guard().holder);
        return another ? next.fence() <= before.fence() : next.fence() < before.fence();
    }
}
