package io.gatefleet.faults.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.faults.nemesis.Fault.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class FaultScheduleTest {
    private static final Cast CAST = Cast.of(3, 2, 4, 4);
    private static final long TERM = 12_000;
    private static final int DECK = Kind.values().length + 4;

    @RepeatedTest(50)
    void theSameSeedGivesTheSameFaults(RepetitionInfo run) {
        assertThat(faults(run.getCurrentRepetition(), 3 * DECK))
                .isEqualTo(faults(run.getCurrentRepetition(), 3 * DECK));
    }

    @Test
    void anotherSeedGivesOthers() {
        assertThat(faults(1, DECK)).isNotEqualTo(faults(2, DECK));
    }

    @RepeatedTest(50)
    void everyDeckHasEveryKind(RepetitionInfo run) {
        List<Fault> all = faults(run.getCurrentRepetition(), 2 * DECK);

        assertThat(all.subList(0, DECK)).extracting(Fault::kind).containsAll(EnumSet.allOf(Kind.class));
        assertThat(all.subList(DECK, 2 * DECK)).extracting(Fault::kind).containsAll(EnumSet.allOf(Kind.class));
    }

    @Test
    void onlyTheKindsThatAreWantedCome() {
        assertThat(faults(EnumSet.of(Kind.BRIDGE, Kind.STAGGERED_PARTITION), 1, 20))
                .extracting(Fault::kind)
                .containsOnly(Kind.BRIDGE, Kind.STAGGERED_PARTITION);
    }

    @RepeatedTest(200)
    void partitionsLeaveAMajorityWhole(RepetitionInfo run) {
        for (Fault fault : faults(run.getCurrentRepetition(), DECK)) {
            if (fault.kind() == Kind.CLEAN_PARTITION || fault.kind() == Kind.STAGGERED_PARTITION) {
                Set<Link> cut = cut(fault);
                long alone = CAST.members().stream()
                        .filter(member -> CAST.members().stream()
                                        .filter(other ->
                                                !other.equals(member) && !cut.contains(new Link(other, member)))
                                        .count()
                                < 2)
                        .count();
                assertThat(alone).as(fault.story()).isBetween(1L, 2L);
                assertThat(cut).as("both ways").allMatch(link -> cut.contains(new Link(link.to(), link.from())));
            }
        }
    }

    @RepeatedTest(200)
    void whoIsPausedWakesAndWhoIsKilledStarts(RepetitionInfo run) {
        for (Fault fault : faults(run.getCurrentRepetition(), DECK)) {
            List<String> away = new ArrayList<>();
            for (Deed deed : fault.deeds()) {
                if (deed instanceof Deed.Pause pause) {
                    away.addAll(pause.whom());
                } else if (deed instanceof Deed.Kill kill) {
                    away.addAll(kill.whom());
                } else if (deed instanceof Deed.Wake wake) {
                    away.removeAll(wake.whom());
                } else if (deed instanceof Deed.Start start) {
                    away.removeAll(start.whom());
                }
            }
            assertThat(away).as(fault.story()).isEmpty();
        }
    }

    @RepeatedTest(100)
    void nodesThatStandStillDoSoForLongerThanTheirTerm(RepetitionInfo run) {
        assertThat(faults(run.getCurrentRepetition(), DECK))
                .filteredOn(fault -> fault.kind() == Kind.PAUSED_NODES)
                .allMatch(fault -> fault.lastsMillis() > TERM);
    }

    @RepeatedTest(100)
    void whoSeesBothHalvesIsCutFromNobody(RepetitionInfo run) {
        for (Fault fault : faults(run.getCurrentRepetition(), DECK)) {
            if (fault.kind() == Kind.BRIDGE) {
                Set<String> touched = new HashSet<>();
                cut(fault).forEach(link -> touched.addAll(List.of(link.from(), link.to())));
                assertThat(touched).as(fault.story()).hasSize(4);
            }
        }
    }

    private static Set<Link> cut(Fault fault) {
        Set<Link> cut = new HashSet<>();
        for (Deed deed : fault.deeds()) {
            if (deed instanceof Deed.Cut links) {
                cut.addAll(links.links());
            }
        }
        return cut;
    }

    private static List<Fault> faults(long seed, int count) {
        return faults(EnumSet.allOf(Kind.class), seed, count);
    }

    private static List<Fault> faults(Set<Kind> only, long seed, int count) {
        FaultSchedule schedule = new FaultSchedule(CAST, TERM, only, seed);
        return Stream.generate(schedule::next).limit(count).toList();
    }
}
