package io.gatefleet.contract.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.BadInput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeLogTest {
    private static final int MOST = 8;

    private final ChangeLog<String> log = new ChangeLog<>("a", MOST);

    @Test
    void anotherEpochIsNeverKnown() {
        write(3);

        assertThat(log.knowsAllSince(new Revision("a", 2))).isTrue();
        assertThat(log.knowsAllSince(new Revision("b", 2))).isFalse();
        assertThat(log.knowsAllSince(new Revision("b", 0))).isFalse();
    }

    @Test
    void aRevisionThatHasNotBeenIsNotKnown() {
        write(3);

        assertThat(log.knowsAllSince(new Revision("a", 3))).isTrue();
        assertThat(log.knowsAllSince(new Revision("a", 4))).isFalse();
    }

    @Test
    void theOldestChangesMakeRoom() {
        write(MOST);
        assertThat(log.knowsAllSince(new Revision("a", 0))).isTrue();

        write(1);

        assertThat(log.knowsAllSince(new Revision("a", 0))).isFalse();
        assertThat(log.knowsAllSince(new Revision("a", 1))).isTrue();
        assertThatThrownBy(() -> log.next(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("since: 0 (expected: 1 to 9)");
    }

    @Test
    void whatLeavesTheAskedForIsGoneForWhoAsked() {
        log.add("changed", "k", "red", "blue", 0);
        Change<String> change = log.next(0);
        assertThat(change).isNotNull();

        assertThat(change.seenBy("red"::equals, 5_000_000)).contains(new WatchEvent<>(WatchEvent.GONE, "k", null, 5));
        assertThat(change.seenBy("blue"::equals, 0)).contains(new WatchEvent<>("changed", "k", "blue", 0));
        assertThat(change.seenBy("green"::equals, 0)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "17", "a-", "-1", "a--1", "A-1", "a-1 ", "a-1234567890123456789", "a b-1"})
    void whatIsNoRevisionIsRefused(String text) {
        assertThatThrownBy(() -> Revision.parse(text)).isInstanceOf(BadInput.class);
    }

    @Test
    void aRevisionIsReadAsItIsWritten() {
        Revision revision = new Revision(Revision.epoch(1_790_000_000_000L, new Random(1)), 42);

        assertThat(Revision.parse(revision.toString())).isEqualTo(revision);
    }

    /**
     * Members that change at random and die at random; readers that fall behind, are cut off and come back, also at another
     * member. Each ends with exactly what the member has that it reads from last.
     */
    @RepeatedTest(300) // the repetition is the seed
    void noReaderSeesAGapADuplicateOrAnotherOrder(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        List<Member> members = new ArrayList<>(List.of(new Member(random), new Member(random)));
        List<Reader> readers =
                List.of(new Reader(value -> true), new Reader(value -> true), new Reader(value -> value % 2 == 0));
        for (int step = 0; step < 400; step++) {
            Member member = members.get(random.nextInt(members.size()));
            Reader reader = readers.get(random.nextInt(readers.size()));
            switch (random.nextInt(20)) {
                case 0 -> members.set(members.indexOf(member), new Member(random));
                case 1, 2 -> reader.connect(member);
                case 3, 4, 5, 6 -> reader.read(random.nextInt(4));
                default -> member.change(random);
            }
        }
        for (Reader reader : readers) {
            Member last = members.get(random.nextInt(members.size()));
            reader.connect(last);
            reader.read(Integer.MAX_VALUE);
            Map<String, Integer> expected = new HashMap<>(last.things);
            expected.values().removeIf(reader.wanted.negate());
            assertThat(reader.copy).isEqualTo(expected);
        }
    }

    private void write(int changes) {
        for (int i = 0; i < changes; i++) {
            log.add("changed", "k", "x", "y", 0);
        }
    }

    private static final class Member {
        final ChangeLog<Integer> log;
        final Map<String, Integer> things = new HashMap<>();
        /** Of every thing and revision, what it was then. */
        final Map<Long, Map<String, Integer>> past = new HashMap<>();

        Member(Random random) {
            log = new ChangeLog<>(Revision.epoch(random.nextInt(1000), random), MOST);
            past.put(0L, Map.of());
        }

        void change(Random random) {
            String key = "k" + random.nextInt(5);
            Integer after = random.nextInt(4) == 0 ? null : random.nextInt(100);
            Integer before = after == null ? things.remove(key) : things.put(key, after);
            log.add("changed", key, before, after, 0);
            past.put(log.revision().number(), Map.copyOf(things));
        }
    }

    private static final class Reader {
        final Predicate<Integer> wanted;
        final Map<String, Integer> copy = new HashMap<>();
        private @Nullable Member member;
        private @Nullable Revision at;

        Reader(Predicate<Integer> wanted) {
            this.wanted = wanted;
        }

        void connect(Member other) {
            member = other;
            if (at == null || !other.log.knowsAllSince(at)) {
                copy.clear();
                other.things.forEach((key, value) -> {
                    if (wanted.test(value)) {
                        copy.put(key, value);
                    }
                });
                at = other.log.revision();
            }
        }

        void read(int most) {
            Member from = member;
            for (int i = 0; i < most && from != null && at != null; i++) {
                if (!from.log.knowsAllSince(at)) {
                    connect(from);
                }
                Change<Integer> change = from.log.next(at.number());
                if (change == null) {
                    return;
                }
                assertThat(change.number()).isEqualTo(at.number() + 1);
                change.seenBy(wanted, 0).ifPresent(event -> {
                    Integer item = event.item();
                    if (item == null) {
                        assertThat(copy.remove(event.key()))
                                .as("what is told to be gone was there")
                                .isNotNull();
                    } else {
                        copy.put(event.key(), item);
                    }
                });
                at = from.log.at(change.number());
                Map<String, Integer> then = new HashMap<>(from.past.getOrDefault(at.number(), Map.of()));
                then.values().removeIf(wanted.negate());
                assertThat(copy).as("the copy at %s", at).isEqualTo(then);
            }
        }
    }
}
