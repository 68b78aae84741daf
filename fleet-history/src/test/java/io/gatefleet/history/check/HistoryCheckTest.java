package io.gatefleet.history.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Histories in shorthand: {@code SECOND WRITER[@SPACE] WORD PORTS [fence N]}. */
class HistoryCheckTest {
    private static final Pattern STEP = Pattern.compile(
            "(\\d+) (\\w)(?:@(\\d))? (taken|held|let-go|granted|confirmed|ended) ([0-9-]+)(?: fence (\\d+))?");

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            one after the other             | 1 a taken 100-110, 2 a let-go 100-110, 2 b taken 100-110     | 0
            one beside the other            | 1 a taken 100-110, 1 b taken 111-121, 9 a held 100-110       | 0
            one port in common              | 1 a taken 100-110, 2 b taken 110-120, 3 a let-go 100-110     | 1
            inside                          | 1 a taken 100-110, 2 b taken 105, 3 a held 100-110           | 1
            the same range                  | 1 a taken 100-110, 2 b taken 100-110, 3 a let-go 100-110     | 1
            killed before another took it   | 1 a taken 100-110, 5 a held 100-110, 6 b taken 100-110       | 0
            said to be held after that      | 1 a taken 100-110, 5 b taken 100-110, 6 a held 100-110       | 1
            in another port space           | 1 a@1 taken 100-110, 2 b@2 taken 100-110, 3 a@1 held 100-110 | 0
            three pairs of three            | 1 a taken 1-9, 2 b taken 1-9, 3 c taken 1-9, 4 a held 1-9, 4 b held 1-9, 4 c held 1-9 | 3
            taken again by the same         | 1 a taken 100-110, 2 a let-go 100-110, 3 a taken 100-110     | 0
            a history that begins late      | 5 a held 100-110, 6 b taken 100-110, 7 a held 100-110        | 1
            """)
    void guardsOfAPortSpaceExcludeEachOther(String why, String history, int violations) throws IOException {
        Verdict verdict = check(history);

        assertThat(verdict.violated()).isEqualTo(violations);
        assertThat(verdict.violations()).allMatch(violation -> violation.promise() == Violation.Promise.EXCLUSIVE);
        assertThat(verdict.proven()).isEqualTo(violations == 0);
    }

    @Test
    void aViolationNamesTheTwoLinesThatProveIt() throws IOException {
        Verdict verdict = check("1 a taken 100-110, 5 b taken 105-115, 6 a held 100-110");

        Violation violation = verdict.violations().get(0);
        assertThat(violation.sentence())
                .startsWith("mill/b took 105-115 of boot/net:1 while mill/a guarded 100-110")
                .endsWith("both held 105-110.");
        assertThat(HistoryCheck.text(violation.earlier())).contains("\"held\"").contains("100-110");
        assertThat(HistoryCheck.text(violation.later())).contains("\"taken\"").contains("105-115");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            grows                       | 1 a taken 1-9 fence 5, 2 a let-go 1-9 fence 5, 3 b taken 1-9 fence 6      | 0
            goes back                   | 1 a taken 1-9 fence 5, 2 a let-go 1-9 fence 5, 3 b taken 1-9 fence 4      | 1
            another's, the same         | 1 a taken 1-9 fence 5, 2 a let-go 1-9 fence 5, 3 b taken 1-9 fence 5      | 1
            its own, the same           | 1 a taken 1-9 fence 5, 2 a let-go 1-9 fence 5, 3 a taken 1-9 fence 5      | 0
            its own goes back           | 1 a taken 1-9 fence 5, 2 a held 1-9 fence 4                               | 1
            on one port of many         | 1 a taken 1-9 fence 5, 2 a let-go 1-9 fence 5, 3 b taken 9-19 fence 4     | 1
            on other ports              | 1 a taken 1-9 fence 5, 3 b taken 10-20 fence 4                            | 0
            not confirmed by a ledger   | 1 a taken 1-9 fence 5, 2 a let-go 1-9 fence 5, 3 b taken 1-9              | 0
            confirmed later, and higher | 1 a taken 1-9 fence 5, 2 a let-go 1-9 fence 5, 3 b taken 1-9, 4 b held 1-9 fence 9 | 0
            """)
    void fencesOnlyGrow(String why, String history, int violations) throws IOException {
        Verdict verdict = check(history);

        assertThat(verdict.violations())
                .filteredOn(violation -> violation.promise() == Violation.Promise.FENCED)
                .hasSize(violations);
        assertThat(verdict.violated()).isEqualTo(violations);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            none                      | 1 a granted 1-9 fence 1, 2 b granted 10-19 fence 2                           | 0 | 0    | 0
            after the end             | 1 a granted 1-9 fence 1, 2 a ended 1-9 fence 1, 3 b granted 1-9 fence 2      | 0 | 0    | 0
            settled by an end         | 1 a granted 1-9 fence 1, 2 b granted 1-9 fence 2, 5 a ended 1-9 fence 1      | 1 | 3000 | 0
            settled by another lease  | 1 a granted 1-9 fence 1, 2 b granted 5-15 fence 2, 4 b granted 20-29 fence 3 | 1 | 2000 | 0
            still there               | 1 a granted 1-9 fence 1, 2 b granted 1-9 fence 2                             | 1 | 0    | 1
            by an end of an older one | 1 a granted 1-9 fence 1, 2 b granted 1-9 fence 2, 3 a ended 1-9 fence 0      | 1 | 0    | 1
            another lease, still      | 1 a granted 1-9 fence 1, 2 b granted 5-15 fence 2, 4 b granted 9-19 fence 3  | 1 | 0    | 1
            """)
    void overlapsOfTheLedgersAreCountedAndTimed(String why, String history, int found, long millis, int unsettled)
            throws IOException {
        Verdict verdict = check(history);

        assertThat(verdict.overlaps().found()).isEqualTo(found);
        assertThat(verdict.overlaps().longestMillis()).isEqualTo(millis);
        assertThat(verdict.overlaps().unsettled()).isEqualTo(unsettled);
        assertThat(verdict.proven()).as("the guards hold all the same").isTrue();
    }

    @Test
    void eachOverlapOfTheLedgersSaysFromWhenToWhen() throws IOException {
        Verdict verdict = check("1 a granted 100-110 fence 1, 2 b granted 105-115 fence 2, 5 a ended 100-110 fence 1,"
                + " 6 c granted 110-120 fence 3");

        assertThat(verdict.overlaps().each())
                .containsExactly(
                        new Verdict.Overlap("mill/b got 105-115 while mill/a had 100-110", 2_000, 5_000L),
                        new Verdict.Overlap("mill/c got 110-120 while mill/b had 105-115", 6_000, null));
    }

    @Test
    void aLeaseIsGuardedOnceHoweverOftenItsGuardIsSpokenOf() throws IOException {
        Verdict verdict = check("1 a granted 100-110 fence 1, 2 a taken 100-110 fence 1, 3 a held 100-110 fence 1,"
                + " 4 b granted 200-210 fence 2, 5 a granted 100-110 fence 3, 6 a held 100-110 fence 3");

        assertThat(verdict.grants()).isEqualTo(3);
        assertThat(verdict.guarded()).isEqualTo(2);
    }

    @Test
    void linesBeforeTheFirstThatIsLeftAreCounted() throws IOException {
        List<String> lines = lines("1 a taken 100-110, 2 a held 100-110, 3 a held 100-110, 4 b taken 200-210");
        HistoryCheck check = new HistoryCheck();
        check.read(write(lines.subList(2, 4)));

        assertThat(check.before()).isEqualTo(2);
    }

    @Test
    void aLineThatIsMissingIsAGapAndNothingIsProvenThen() throws IOException {
        List<String> lines = lines("1 a taken 1-9, 2 a held 1-9, 3 a held 1-9, 4 a let-go 1-9");
        lines.remove(2);

        Verdict verdict = checkLines(lines);

        assertThat(verdict.proven()).isFalse();
        assertThat(verdict.violated()).isZero();
        assertThat(verdict.gaps()).singleElement().asString().startsWith("1 lines of a are missing");
    }

    @Test
    void aLastLineThatWasCutOffByAKillIsNoGap() throws IOException {
        List<String> lines = lines("1 a taken 1-9, 2 a held 1-9");
        lines.set(1, lines.get(1).substring(0, 40));

        assertThat(checkLines(lines).proven()).isTrue();
    }

    @Test
    void aFileThatIsReadTwiceChangesNothing() throws IOException {
        Path file = write(lines("1 a taken 1-9, 2 a let-go 1-9"));
        HistoryCheck check = new HistoryCheck();
        check.read(file);
        check.read(file);

        assertThat(check.verdict().proven()).isTrue();
        assertThat(check.verdict().guards()).isEqualTo(1);
    }

    @Test
    void aClockThatRunsBackwardsProvesNothing() throws IOException {
        assertThat(check("5 a taken 1-9, 3 a held 1-9").gaps())
                .singleElement()
                .asString()
                .startsWith("the clock of a ran backwards");
    }

    @Test
    void linesOfAnyFilesInAnyOrderAreOneHistory() throws IOException {
        List<String> lines = lines("1 a taken 1-9, 2 b taken 5-15, 3 a held 1-9, 4 b let-go 5-15");
        HistoryCheck check = new HistoryCheck();
        check.read(Files.write(directory.resolve("z.jsonl"), List.of(lines.get(3), lines.get(2))));
        check.read(Files.write(directory.resolve("z.jsonl.1"), List.of(lines.get(1), lines.get(0))));

        assertThat(check.verdict().violated()).isEqualTo(1);
        assertThat(check.verdict().gaps()).isEmpty();
        assertThat(HistoryCheck.journals(directory)).hasSize(2);
    }

    private Verdict check(String history) throws IOException {
        return checkLines(lines(history));
    }

    private Verdict checkLines(List<String> lines) throws IOException {
        HistoryCheck check = new HistoryCheck();
        check.read(write(lines));
        return check.verdict();
    }

    private Path write(List<String> lines) throws IOException {
        return Files.write(directory.resolve("history.jsonl"), lines);
    }

    private static List<String> lines(String history) {
        List<String> lines = new ArrayList<>();
        Map<String, Integer> numbers = new HashMap<>();
        for (String step : history.split(",", -1)) {
            Matcher matcher = STEP.matcher(step.strip());
            assertThat(matcher.matches()).as(step).isTrue();
            String writer = matcher.group(2);
            String word = matcher.group(4);
            boolean ledger = List.of("granted", "confirmed", "ended").contains(word);
            String space = matcher.group(3) == null ? "1" : matcher.group(3);
            String fence = matcher.group(6) == null ? "null" : matcher.group(6);
            String about =
                    "\"holder\":{\"host\":\"mill\",\"instance\":\"%s\"},\"incarnation\":1,\"fence\":%s,\"ports\":\"%s\""
                            .formatted(writer, fence, matcher.group(5));
            String event = ledger
                    ? "{\"what\":\"ledger\",\"change\":\"%s\",%s,\"by\":\"acquire\"}".formatted(word, about)
                    : "{\"what\":\"guard\",\"word\":\"%s\",%s,\"space\":{\"bootId\":\"boot\",\"netns\":%s}}"
                            .formatted(word, about, space);
            long seconds = Long.parseLong(matcher.group(1));
            lines.add("{\"writer\":\"%s\",\"seq\":%d,\"boot\":\"boot\",\"nanos\":%d,\"wallMillis\":%d,\"event\":%s}"
                    .formatted(
                            writer,
                            numbers.merge(writer, 1, Integer::sum),
                            seconds * 1_000_000_000L,
                            seconds * 1_000,
                            event));
        }
        return lines;
    }
}
