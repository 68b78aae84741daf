package io.gatefleet.history.check;

import io.gatefleet.contract.host.HostId;
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
import java.util.TreeMap;

/**
 * How often two leases of a host stood in the ledgers with ports in common, and for how long. That is no broken promise:
 * the ledgers of a cluster that is cut in two do it, and the guards hold all the same. It must settle. Pure.
 */
final class LedgerCheck {
    private static final long NANOS_IN_A_MILLI = 1_000_000;
    private static final int MOST_SHOWN = 1_000;

    private final Map<HostId, List<Word>> hosts = new TreeMap<>(Comparator.comparing(HostId::value));
    private int grants;

    private record Word(String boot, long nanos, long wallMillis, Event.Ledger event) {}

    private record Live(long fence, PortSet ports) {}

    private record Pair(InstanceKey one, InstanceKey other) {
        static Pair of(InstanceKey left, InstanceKey right) {
            return left.compareTo(right) < 0 ? new Pair(left, right) : new Pair(right, left);
        }

        boolean has(InstanceKey instance) {
            return one.equals(instance) || other.equals(instance);
        }
    }

    void accept(Line line, Event.Ledger event) {
        if (event.change() == Event.Ledger.Change.GRANTED) {
            grants++;
        }
        hosts.computeIfAbsent(event.holder().host(), host -> new ArrayList<>())
                .add(new Word(line.boot(), line.nanos(), line.wallMillis(), event));
    }

    int grants() {
        return grants;
    }

    Verdict.Overlaps overlaps() {
        List<Found> all = new ArrayList<>();
        hosts.values().forEach(words -> all.addAll(overlaps(words)));
        all.sort(Comparator.comparingLong(found -> found.from));
        return new Verdict.Overlaps(
                all.size(),
                all.stream()
                        .filter(Found::ended)
                        .mapToLong(found -> found.to - found.from)
                        .max()
                        .orElse(0),
                (int) all.stream().filter(found -> !found.ended()).count(),
                all.isEmpty() ? "" : all.get(0).sentence,
                all.stream().limit(MOST_SHOWN).map(Found::shown).toList());
    }

    private static final class Found {
        final String sentence;
        final long from;
        long to = -1;

        Found(String sentence, long from) {
            this.sentence = sentence;
            this.from = from;
        }

        boolean ended() {
            return to >= 0;
        }

        Verdict.Overlap shown() {
            return new Verdict.Overlap(sentence, from, ended() ? to : null);
        }
    }

    private static List<Found> overlaps(List<Word> words) {
        Set<String> boots = new HashSet<>();
        words.forEach(word -> boots.add(word.boot()));
        // Between two machines there is no clock but that on the wall.
        boolean oneClock = boots.size() == 1;
        words.sort(Comparator.comparingLong(word -> millis(word, oneClock)));
        Map<InstanceKey, Live> live = new HashMap<>();
        Map<Pair, Found> open = new HashMap<>();
        List<Found> all = new ArrayList<>();
        for (Word word : words) {
            Event.Ledger event = word.event();
            InstanceKey holder = event.holder();
            long now = millis(word, oneClock);
            Live before = live.get(holder);
            boolean ends =
                    event.change() == Event.Ledger.Change.ENDED && before != null && before.fence() == event.fence();
            boolean grants = event.change() == Event.Ledger.Change.GRANTED;
            if (ends || grants) {
                live.remove(holder);
                for (Iterator<Map.Entry<Pair, Found>> each = open.entrySet().iterator(); each.hasNext(); ) {
                    Map.Entry<Pair, Found> pair = each.next();
                    boolean still =
                            grants && pair.getKey().has(holder) && overlapping(pair.getKey(), holder, event, live);
                    if (pair.getKey().has(holder) && !still) {
                        pair.getValue().to = now;
                        each.remove();
                    }
                }
            }
            if (grants) {
                for (Map.Entry<InstanceKey, Live> other : live.entrySet()) {
                    Pair pair = Pair.of(holder, other.getKey());
                    if (other.getValue().ports().overlaps(event.ports()) && !open.containsKey(pair)) {
                        Found found = new Found(
                                "%s got %s while %s had %s"
                                        .formatted(
                                                holder,
                                                event.ports(),
                                                other.getKey(),
                                                other.getValue().ports()),
                                now);
                        open.put(pair, found);
                        all.add(found);
                    }
                }
                live.put(holder, new Live(event.fence(), event.ports()));
            }
        }
        return all;
    }

    /** The holder got another lease, and still shares ports with the other of the pair. */
    private static boolean overlapping(Pair pair, InstanceKey holder, Event.Ledger event, Map<InstanceKey, Live> live) {
        Live other = live.get(pair.one().equals(holder) ? pair.other() : pair.one());
        return other != null && other.ports().overlaps(event.ports());
    }

    private static long millis(Word word, boolean oneClock) {
        return oneClock ? word.nanos() / NANOS_IN_A_MILLI : word.wallMillis();
    }
}
