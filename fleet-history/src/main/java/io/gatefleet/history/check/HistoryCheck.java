package io.gatefleet.history.check;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.history.Event;
import io.gatefleet.history.Line;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the journals of nodes and allocators, in any order, and says what they prove: that no two guarded ranges of a port
 * space ever overlapped and that fences only grow; or the two lines that show otherwise.
 */
public final class HistoryCheck {
    private static final int MOST_VIOLATIONS = 20;
    private static final int MOST_GAPS = 20;
    /** {@code HOME/instances/NAME/journal/FILE}. */
    private static final int DEPTH = 4;

    private static final String JOURNAL = ".*\\.jsonl(\\.[0-9]+)?";

    private final Map<String, List<Read>> writers = new TreeMap<>();

    /** What a history says again and again, once: a million lines would be a gigabyte otherwise. */
    private final Map<Object, Object> known = new HashMap<>();

    private final List<String> gaps = new ArrayList<>();
    private long lines;

    private record Read(Line line, Place place) {}

    /**
     * The journals of a directory: those in it, and those that a fleet's home keeps in directories named {@code journal}.
     * What gateways themselves write may be called the same and is none. Of a file, the file. Sorted.
     */
    public static List<Path> journals(Path place) throws IOException {
        if (!Files.isDirectory(place)) {
            return List.of(place);
        }
        try (Stream<Path> below = Files.walk(place, DEPTH)) {
            return below.filter(file -> Files.isRegularFile(file)
                            && file.getFileName().toString().matches(JOURNAL)
                            && isForJournals(file.getParent(), place))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isForJournals(@Nullable Path directory, Path asked) {
        return directory != null && (directory.equals(asked) || directory.endsWith("journal"));
    }

    /** Blocks. */
    public void read(Path file) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            String name = file.toString();
            long number = 0;
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                number++;
                if (!text.isBlank()) {
                    accept(new Place(name, number), text);
                }
            }
        }
    }

    private void accept(Place place, String text) {
        Line line;
        try {
            line = Wire.LENIENT.read(text.getBytes(StandardCharsets.UTF_8), Line.class);
        } catch (BadInput cut) {
            // The end of whoever was killed while he wrote. What it would have said shows as a gap in the numbers,
            // unless it was his last word: then his guard counts a little shorter than it was.
            return;
        }
        lines++;
        String writer = one(line.writer());
        List<Read> words = writers.computeIfAbsent(writer, name -> new ArrayList<>());
        Event event = line.event();
        if (event instanceof Event.Guard guard) {
            event = new Event.Guard(
                    guard.word(),
                    one(guard.holder()),
                    guard.incarnation(),
                    one(guard.space()),
                    guard.fence(),
                    one(guard.ports()));
        } else if (event instanceof Event.Ledger ledger) {
            event = new Event.Ledger(
                    ledger.change(),
                    one(ledger.holder()),
                    ledger.incarnation(),
                    ledger.fence(),
                    one(ledger.ports()),
                    one(ledger.by()));
        } else if (event instanceof Event.Refused refused) {
            event = new Event.Refused(one(refused.holder()), one(refused.code()));
        }
        words.add(new Read(
                new Line(writer, line.seq(), one(line.boot()), line.nanos(), line.wallMillis(), event), place));
    }

    /** The first that was read of those that are equal. */
    @SuppressWarnings("unchecked")
    private <T> T one(T value) {
        return (T) known.computeIfAbsent(value, same -> same);
    }

    /** The text of a line that was read. Blocks. */
    public static String text(Place place) throws IOException {
        try (Stream<String> all = Files.lines(Path.of(place.file()), StandardCharsets.UTF_8)) {
            return all.skip(place.line() - 1).findFirst().orElse("");
        }
    }

    /** Lines that were written before the first that was read, by the numbers of their writers: rotated away, or not named. */
    public long before() {
        return writers.values().stream()
                .mapToLong(words -> words.stream()
                                .mapToLong(read -> read.line().seq())
                                .min()
                                .orElse(1)
                        - 1)
                .sum();
    }

    /** What was read so far proves. */
    public Verdict verdict() {
        GuardCheck guards = new GuardCheck();
        LedgerCheck ledgers = new LedgerCheck();
        gaps.clear();
        for (Map.Entry<String, List<Read>> writer : writers.entrySet()) {
            List<Read> words = writer.getValue();
            words.sort(Comparator.comparingLong(read -> read.line().seq()));
            Read before = null;
            for (Read read : words) {
                if (before != null && !follows(writer.getKey(), before, read)) {
                    continue;
                }
                before = read;
                Event event = read.line().event();
                if (event instanceof Event.Guard guard) {
                    guards.accept(read.line(), guard, read.place());
                } else if (event instanceof Event.Ledger ledger) {
                    ledgers.accept(read.line(), ledger);
                } else if (event instanceof Event.Missed missed) {
                    gap("%s could not write %d lines before %s"
                            .formatted(writer.getKey(), missed.lines(), read.place()));
                }
            }
        }
        List<Violation> violations = guards.violations();
        return new Verdict(
                lines,
                writers.size(),
                guards.spaces(),
                guards.guards(),
                ledgers.grants(),
                guards.guarded(),
                violations.stream().limit(MOST_VIOLATIONS).toList(),
                violations.size(),
                gaps,
                ledgers.overlaps());
    }

    /** False for a line that was read twice, because its file was named twice. */
    private boolean follows(String writer, Read before, Read next) {
        long step = next.line().seq() - before.line().seq();
        if (step == 0) {
            if (!next.line().equals(before.line())) {
                gap("%s and %s are both line %d of %s"
                        .formatted(before.place(), next.place(), next.line().seq(), writer));
            }
            return false;
        }
        if (step > 1) {
            gap("%d lines of %s are missing between %s and %s"
                    .formatted(step - 1, writer, before.place(), next.place()));
        }
        if (next.line().nanos() < before.line().nanos()
                || !next.line().boot().equals(before.line().boot())) {
            gap("the clock of %s ran backwards between %s and %s".formatted(writer, before.place(), next.place()));
        }
        return true;
    }

    private void gap(String sentence) {
        if (gaps.size() < MOST_GAPS) {
            gaps.add(sentence);
        } else if (gaps.size() == MOST_GAPS) {
            gaps.add("and more");
        }
    }
}
