package io.gatefleet.node.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.instance.Registration;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.lease.Claim;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.node.lease.LeaseKeeper.Phase;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happened stands on the left, in order; what the last of it leads to on the right. */
class LeaseKeeperTest {
    private static final HostId HOST = new HostId("mill");
    private static final InstanceKey MAIN = new InstanceKey(HOST, new InstanceId("main"));
    private static final InstanceKey RESCUE = new InstanceKey(HOST, new InstanceId("rescue"));
    private static final Incarnation NOW = new Incarnation(7);
    private static final Footprint WIDE = Footprint.contiguous(111);
    private static final RetryTimes TIMES = new RetryTimes(250, 5_000, 15_000, 2_000, null);
    private static final Registration.Pace PACE = new Registration.Pace(4_000, 30_000);

    private final LeaseKeeper keeper = new LeaseKeeper(MAIN, NOW, WIDE, "simulated-wide", TIMES, () -> 1.0);

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            a first start asks                           | start                                            | seeking   | register
            an offer is tried                            | start; lent 20000#5                              | trying    | take 20000
            a free offer is run, and confirmed by a beat | start; lent 20000#5; held                        | keeping   | remember 20000#5; run 20000; beat 20000#5 held; wait 4000
            a known lease is wished for                  | start last=20000#5                               | seeking   | register 20000#5 missing
            a busy offer is rejected                     | start; lent 20000#5; busy 20002                  | seeking   | register not 5:20002
            … and what was wished for, not wished again  | start last=20000#5; lent 20000#6; busy 20002     | seeking   | register not 6:20002
            … and the next offer is tried                | start; lent 20000#5; busy 20002; lent 20111#6    | trying    | take 20111
            without descriptors nothing is rejected      | start; lent 20000#5; unavailable                 | trying    | beat 20000#5 missing; wait 2000
            … and the same offer is tried again          | start; lent 20000#5; unavailable; woke           | trying    | take 20000
            … unless it lapsed meanwhile                 | start; lent 20000#5; unavailable; beat-no lease-lost | seeking | register
            offers for others are not believed           | start; lent 20000#5 of rescue                    | seeking   | wait 250
            offers of another width are not believed     | start; lent 20000#5 narrow                       | seeking   | wait 250
            """)
    void aStartLeadsToAGuardedRange(String why, String events, String phase, String actions) {
        check(events, phase, actions);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            nobody answers: asked again, later and later | start; silent; woke; silent                      | seeking   | wait 500
            … but not later than the longest pause       | start; silent; woke; silent; woke; silent; woke; silent; woke; silent; woke; silent; woke; silent | seeking | wait 5000
            a known lease is tried without being lent    | start last=20000#5; silent                       | trying    | take 20000
            … run, and asserted from then on             | start last=20000#5; silent; held                 | keeping   | remember 20000#5; run 20000; register 20000#5 held
            … as long as nobody answers                  | start last=20000#5; silent; held; silent; woke   | keeping   | register 20000#5 held
            … until it is lent                           | start last=20000#5; silent; held; lent 20000#9   | keeping   | remember 20000#9; beat 20000#9 held; wait 4000
            a known lease in use is nobody's to reject   | start last=20000#5; silent; busy 20000           | seeking   | wait 250
            a known lease of another width waits         | start last=20000#5 narrow; silent                | seeking   | wait 250
            an allocator out of reach is no control plane | start last=20000#5; no unavailable              | trying    | take 20000
            … but says when it may be asked again        | start; no unavailable retry=4500                 | seeking   | wait 6750
            a recovering host is waited for              | start last=20000#5; no recovering retry=4500     | seeking   | wait 6750
            a full pool needs a person                   | start; no pool-exhausted                         | seeking   | wait 15000
            no usable range needs a person               | start; lent 20000#5; busy 20000; no no-usable-range | seeking | wait 15000
            … and everything is asked for again          | start; lent 20000#5; busy 20000; no no-usable-range; woke | seeking | register
            what another one holds is wished for no more | start last=20000#5; no claim-conflict holder=rescue@20000 | seeking | register
            a newer life elsewhere, and nothing runs here | start; no superseded                            | gone      | let-go; quit superseded
            """)
    void aStartWithoutAnAnswerGoesAsFarAsTheKernelLets(String why, String events, String phase, String actions) {
        check(events, phase, actions);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            silence changes nothing                      | beat-silent                                      | keeping   |
            … the next beat comes in time                | beat-silent; woke                                | keeping   | beat 20000#5 held; wait 4000
            another instance's lease is no answer        | beaten 20000#5 of rescue; woke                   | keeping   | beat 20000#5 held; wait 4000
            … nor a reason to stop                       | beaten 20000#9 of rescue revoked; woke           | keeping   | beat 20000#5 held; wait 4000
            an older fence is no answer                  | beat-no lease-lost; lent 20000#9; beaten 20000#5; woke | keeping | beat 20000#9 held; wait 4000
            … nor a reason to stop                       | beat-no lease-lost; lent 20000#9; beaten 20000#5 revoked; woke | keeping | beat 20000#9 held; wait 4000
            another range in a heartbeat's answer is none | beaten 20111#9; woke                            | keeping   | beat 20000#5 held; wait 4000
            … nor a reason to stop                       | beaten 20111#9 revoked; woke                     | keeping   | beat 20000#5 held; wait 4000
            neither does an answer that helps nobody     | beat-no internal                                 | keeping   |
            a beat under way is not doubled              | woke                                             | keeping   | wait 4000
            … news meanwhile follows at once             | changed; beaten 20000#5                          | keeping   | beat 20000#5 held
            news is told at once                         | beaten 20000#5; changed                          | keeping   | beat 20000#5 held
            … that the gateway is down, too              | beaten 20000#5; gone                             | keeping   | beat 20000#5 held
            a lost lease is asserted                     | beat-no lease-lost                               | keeping   | register 20000#5 held
            an unknown instance asserts its lease        | beat-no unknown-instance                         | keeping   | register 20000#5 held
            … and beats on when it is lent again         | beat-no lease-lost; lent 20000#9                 | keeping   | remember 20000#9; beat 20000#9 held; wait 4000
            … not in a tight circle                      | beat-no lease-lost; lent 20000#9; beat-no lease-lost | keeping | wait 250
            an assertion without an answer is repeated   | beat-no lease-lost; silent; woke                 | keeping   | register 20000#5 held
            an assertion refused changes nothing         | beat-no lease-lost; no claim-conflict holder=rescue@20050 | keeping | wait 15000
            … and is repeated                            | beat-no lease-lost; no claim-conflict holder=rescue@20050; woke | keeping | register 20000#5 held
            a full pool is no reason to stop             | beat-no lease-lost; no pool-exhausted            | keeping   | wait 250
            another range is no reason to move           | beat-no lease-lost; lent 20111#9                 | keeping   | wait 15000
            a newer life elsewhere: guard and gateway stay | beat-no superseded                             | aside     | wait 15000
            … a beat now and then                        | beat-no superseded; woke                         | aside     | beat 20000#5 held; wait 15000
            … and on as before when that one left        | beat-no superseded; woke; beat-no unknown-instance | keeping | register 20000#5 held
            … nothing to look after: it ends             | beat-no superseded; gone                         | clearing  | stop; wait 4000
            … with no goodbye in another one's name      | beat-no superseded; gone; stopped closed         | gone      | let-go; quit superseded
            an operator revokes: it stops                | beat-no lease-revoked                            | clearing  | stop; wait 4000
            … confirms and ends                          | beat-no lease-revoked; stopped closed            | clearing  | deregister closed
            … also when the answer says so               | beaten 20000#5 revoked                           | clearing  | stop; wait 4000
            """)
    void aHealthyGatewayLivesThroughEverythingThatTheControlPlaneDoes(
            String why, String events, String phase, @Nullable String actions) {
        check("start; lent 20000#5; held; " + events, phase, actions);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            its guard comes first                        | start standing=20000#5 last=20000#5              | settling  | take 20000 own
            held: adopted and asserted                   | start standing=20000#5; held                     | keeping   | remember 20000#5; adopt 20000; register 20000#5 held
            refused: adopted, and said                   | start standing=20000#5; busy 20000               | unguarded | adopt 20000; register 20000#5 missing
            … told from time to time                     | start standing=20000#5; busy 20000; lent 20000#6 | unguarded | beat 20000#6 missing; wait 2000
            … retried                                    | start standing=20000#5; busy 20000; silent; woke | unguarded | take 20000 own
            … and kept when at last it is free           | start standing=20000#5; busy 20000; silent; woke; held | keeping | remember 20000#5; register 20000#5 held
            … offers elsewhere do not move it            | start standing=20000#5; busy 20000; lent 20111#6; woke; busy 20000 | unguarded | register 20000#5 missing
            … neither do other answers                   | start standing=20000#5; busy 20000; no pool-exhausted | unguarded | wait 2000
            … nor a conflict that names nobody           | start standing=20000#5; busy 20000; no claim-conflict | unguarded | wait 2000
            … nor one with itself                        | start standing=20000#5; busy 20000; no claim-conflict holder=main@20000 | unguarded | wait 2000
            … nor an owner elsewhere                     | start standing=20000#5; busy 20000; no claim-conflict holder=rescue@20111 | unguarded | wait 2000
            … nor an offer that nobody took yet          | start standing=20000#5; busy 20000; no claim-conflict holder=rescue@20110:offered | unguarded | wait 2000
            the one case: another one's confirmed lease  | start standing=20000#5; busy 20000; no claim-conflict holder=rescue@20110 | clearing | stop; wait 5000
            … then it asks for a place of its own        | start standing=20000#5; busy 20000; no claim-conflict holder=rescue@20110; stopped closed | seeking | let-go; register
            ended by itself, it is not started again there | start standing=20000#5; busy 20000; silent; gone | clearing | stop; wait 5000
            no descriptors: not guarded either           | start standing=20000#5; unavailable              | unguarded | adopt 20000; register 20000#5 missing
            """)
    void aGatewayThatIsFoundAliveIsKept(String why, String events, String phase, String actions) {
        check(events, phase, actions);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            before any offer                             | start; silent; leave                             | gone     | let-go; quit drained
            an answer under way is waited for            | start; leave                                     | clearing | wait 5000
            … and what it lent is given back             | start; leave; lent 20000#5                       | clearing | deregister closed
            a range under way is waited for              | start; lent 20000#5; leave                       | clearing | wait 4000
            … and let go                                 | start; lent 20000#5; leave; held                 | clearing | deregister closed
            the gateway is stopped first                 | start; lent 20000#5; held; leave                 | clearing | stop; wait 4000
            … while the lease is renewed                 | start; lent 20000#5; held; beaten 20000#5; leave; woke | clearing | beat 20000#5 held; wait 4000
            … and its draining is told at once           | start; lent 20000#5; held; beaten 20000#5; leave; changed | clearing | beat 20000#5 held
            then goodbye                                 | start; lent 20000#5; held; leave; stopped closed | clearing | deregister closed
            … honestly                                   | start; lent 20000#5; held; leave; stopped open   | clearing | deregister open
            then the guard is let go                     | start; lent 20000#5; held; leave; stopped closed; bye | gone | let-go; quit drained
            asked twice is asked once                    | start; lent 20000#5; held; leave; leave          | clearing |
            never lent, no goodbye                       | start last=20000#5; silent; held; silent; leave; stopped closed | gone | let-go; quit drained
            a refused answer while leaving               | start last=20000#5; silent; held; leave; no claim-conflict | clearing | stop
            """)
    void itLeavesInOrder(String why, String events, String phase, @Nullable String actions) {
        check(events, phase, actions);
    }

    @Test
    void aRegistryThatOffersTheSameForEverIsNotFollowedAtFullSpeed() {
        play("start; lent 20000#1; busy 20000; lent 20000#1; busy 20000; lent 20000#1; busy 20000; "
                + "lent 20000#1; busy 20000; lent 20000#1; busy 20000; lent 20000#1");
        assertThat(words(keeper.on(event("busy 20000")))).isEqualTo("wait 15000");
        assertThat(words(keeper.on(event("woke")))).isEqualTo("register not 1:20000");
    }

    @Test
    void whoHoldsThePortsIsNamed() {
        play("start standing=20000#5");
        keeper.on(new Event.RangeBusy(List.of(
                new BusyPort(20003, BusyPort.Protocol.UDP, 4711, "java"),
                new BusyPort(20004, BusyPort.Protocol.UDP, 4711, "java"),
                new BusyPort(20010, BusyPort.Protocol.TCP, null, null))));

        assertThat(keeper.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo("unguarded");
            assertThat(finding.detail())
                    .contains("20000-20110", "20003-20004 guarded by java (pid 4711), 20010 held by somebody");
        });
        play("lent 20000#5; woke; held");
        assertThat(keeper.findings()).isEmpty();
    }

    @Test
    void theNodesOwnTroubleIsAFindingAndNoRejection() {
        play("start; lent 20000#5; unavailable");

        assertThat(keeper.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo("guard-unavailable");
            assertThat(finding.detail()).contains("too many open files");
        });
    }

    @ParameterizedTest
    @CsvSource({"1, 100", "100, 100", "5000, 5000", "3600000, 60000"})
    void aPaceBeyondReasonIsNotFollowed(long said, long followed) {
        play("start; lent 20000#5");
        keeper.on(new Event.RangeHeld());
        keeper.on(new Event.BeatTaken(lease("20000#5", "confirmed"), new Registration.Pace(said, 30_000)));

        assertThat(words(keeper.on(new Event.Woke()))).isEqualTo("beat 20000#5 held; wait " + followed);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            a lease that was lent                     | lent 20000#5                                                  | true
            a beat that was taken                     | lent 20000#5; held; beaten 20000#5                            | true
            a beat that nobody answered               | lent 20000#5; held; beat-silent                               | false
            … and the next one was taken              | lent 20000#5; held; beat-silent; woke; beaten 20000#5         | true
            a beat that was answered with nonsense    | lent 20000#5; held; beaten 20111#5                            | false
            a beat that could not be renewed          | lent 20000#5; held; beat-no unavailable                       | false
            a lease that was lost                     | lent 20000#5; held; beat-no lease-lost                        | false
            … and lent again                          | lent 20000#5; held; beat-no lease-lost; lent 20000#9          | true
            nobody at all                             | silent                                                        | false
            """)
    void itIsKnownWhereItsLastQuestionWasAnsweredWithAYes(String why, String events, boolean known) {
        play("start; " + events);

        assertThat(keeper.known()).isEqualTo(known);
    }

    @Test
    void beatsAreSpreadSoThatAThousandNodesDoNotComeInStep() {
        LeaseKeeper early = new LeaseKeeper(MAIN, NOW, WIDE, "simulated-wide", TIMES, () -> 0.0);
        early.on(event("start"));
        early.on(event("lent 20000#5"));
        early.on(event("held"));

        assertThat(words(early.on(event("woke")))).isEqualTo("wait 3600");
    }

    @Test
    void whoWereToldTheSameTimeToComeBackDoNotComeInStepEitherAndNoneTooEarly() {
        LeaseKeeper early = new LeaseKeeper(MAIN, NOW, WIDE, "simulated-wide", TIMES, () -> 0.0);
        early.on(event("start"));
        play("start");

        assertThat(words(early.on(event("no recovering retry=4500")))).isEqualTo("wait 4500");
        assertThat(words(keeper.on(event("no recovering retry=4500")))).isEqualTo("wait 6750");
    }

    /** Any order of answers, silences, thefts and deaths: the laws hold, and the node never comes to a stop. */
    @RepeatedTest(500) // the repetition is the seed, so a failure can be run again
    void theLawsHoldInEveryOrder(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        LeaseKeeper any = new LeaseKeeper(MAIN, NOW, WIDE, "simulated-wide", TIMES, random::nextDouble);
        World world = new World();
        String begin = world.any(random, "start", "start last=20000#5", "start standing=20000#5 last=20000#5");
        world.see(any, any.on(event(begin)), begin);
        for (int step = 0; step < 200 && any.phase() != Phase.GONE; step++) {
            String next = world.next(random);
            world.before(any, next);
            world.see(any, any.on(event(next)), next);
        }
    }

    /** What is under way outside the keeper, and what may happen there. */
    private static final class World {
        private enum Pending {
            REGISTER,
            TAKE,
            BEAT,
            STOP,
            GOODBYE,
            TIMER
        }

        private final Set<Pending> pending = EnumSet.noneOf(Pending.class);
        private final List<String> story = new ArrayList<>();
        private boolean mayStop;
        private boolean guarded;
        private boolean running;
        private boolean alive;

        String next(Random random) {
            int pick = random.nextInt(pending.size() + 1);
            if (pick == pending.size()) {
                if (random.nextInt(40) == 0) {
                    return "leave";
                }
                if (running) {
                    return any(random, "changed", "changed", "gone");
                }
                pick = 0;
            }
            Pending way = List.copyOf(pending).get(pick);
            pending.remove(way);
            return switch (way) {
                case REGISTER ->
                    any(
                            random,
                            "lent 20000#6",
                            "lent 20000#6",
                            "lent 20111#7",
                            "lent 20000#6 of rescue",
                            "silent",
                            "no claim-conflict holder=rescue@20010",
                            "no recovering retry=100",
                            "no superseded",
                            "no no-usable-range",
                            "no unavailable",
                            "no lease-revoked");
                case TAKE -> any(random, "held", "held", "busy 20003", "unavailable");
                case BEAT ->
                    any(
                            random,
                            "beaten 20000#6",
                            "beaten 20000#6",
                            "beat-silent",
                            "beat-no lease-lost",
                            "beat-no unknown-instance",
                            "beat-no superseded",
                            "beat-no internal",
                            "beaten 20000#6 of rescue",
                            "beaten 20000#1 revoked",
                            "beaten 20222#9 revoked",
                            "beaten 20000#6 revoked");
                case STOP -> any(random, "stopped closed", "stopped open");
                case GOODBYE -> "bye";
                case TIMER -> "woke";
            };
        }

        String any(Random random, String... ways) {
            return ways[random.nextInt(ways.length)];
        }

        void before(LeaseKeeper keeper, String event) {
            if (event.equals("changed")) {
                alive = true;
            } else if (event.equals("gone")) {
                alive = false;
            } else if (event.startsWith("stopped")) {
                running = false;
                alive = false;
            } else if (event.equals("held")) {
                guarded = true;
            }
            boolean lie = event.startsWith("beaten 20000#1") || event.startsWith("beaten 20222");
            boolean told = event.equals("leave") || (event.contains("revoked") && !lie);
            boolean theOneCase = keeper.phase() == Phase.UNGUARDED && event.contains("holder=rescue");
            mayStop = mayStop || told || theOneCase || !alive;
        }

        void see(LeaseKeeper keeper, List<Action> actions, String event) {
            story.add(event + " -> " + words(actions) + " [" + keeper.phase() + "]");
            if (event.startsWith("start standing")) {
                running = true;
                alive = true;
            }
            actions.forEach(this::see);
            if (keeper.phase() == Phase.GONE) {
                assertThat(guarded).as("guard at the end: %s", story).isFalse();
                assertThat(running).as("gateway at the end: %s", story).isFalse();
            } else {
                assertThat(pending).as("nothing is under way: %s", story).isNotEmpty();
                assertThat(keeper.guard() == GuardState.HELD)
                        .as("guard: %s", story)
                        .isEqualTo(guarded);
            }
        }

        private void see(Action action) {
            if (action instanceof Action.Register) {
                once(Pending.REGISTER);
            } else if (action instanceof Action.Take) {
                assertThat(guarded).as("two guards: %s", story).isFalse();
                once(Pending.TAKE);
            } else if (action instanceof Action.Beat beat) {
                assertThat(beat.guard() == GuardState.HELD)
                        .as("beat: %s", story)
                        .isEqualTo(guarded);
                once(Pending.BEAT);
            } else if (action instanceof Action.StopGateway) {
                assertThat(mayStop)
                        .as("a healthy gateway is stopped: %s", story)
                        .isTrue();
                once(Pending.STOP);
                mayStop = false;
            } else if (action instanceof Action.Run) {
                assertThat(guarded).as("started without guard: %s", story).isTrue();
                assertThat(running).as("started twice: %s", story).isFalse();
                running = true;
                alive = true;
            } else if (action instanceof Action.LetGo) {
                assertThat(running).as("let go under a gateway: %s", story).isFalse();
                guarded = false;
            } else if (action instanceof Action.Deregister) {
                assertThat(running).as("goodbye before the stop: %s", story).isFalse();
                once(Pending.GOODBYE);
            } else if (action instanceof Action.Wait) {
                pending.add(Pending.TIMER);
            }
        }

        private void once(Pending way) {
            assertThat(pending.add(way)).as("%s twice: %s", way, story).isTrue();
        }
    }

    private void check(String events, String phase, @Nullable String actions) {
        List<Action> last = play(events);
        assertThat(words(last)).isEqualTo(actions == null ? "" : actions);
        assertThat(keeper.phase().name().toLowerCase(Locale.ROOT)).isEqualTo(phase);
    }

    private List<Action> play(String events) {
        List<Action> last = List.of();
        for (String event : events.split("; ", -1)) {
            last = keeper.on(event(event.strip()));
        }
        return last;
    }

    private static Event event(String text) {
        String[] words = text.split(" ", -1);
        return switch (words[0]) {
            case "start" -> new Event.Started(named(text, "standing="), named(text, "last="));
            case "lent" -> new Event.Registered(lease(words[1], text), PACE);
            case "no" -> new Event.RegisterRefused(no(words[1], text));
            case "silent" -> new Event.RegisterSilent("nobody answers");
            case "held" -> new Event.RangeHeld();
            case "busy" ->
                new Event.RangeBusy(
                        List.of(new BusyPort(Integer.parseInt(words[1]), BusyPort.Protocol.TCP, null, null)));
            case "unavailable" -> new Event.RangeUnavailable("too many open files");
            case "beaten" -> new Event.BeatTaken(lease(words[1], text), PACE);
            case "beat-no" -> new Event.BeatRefused(no(words[1], text));
            case "beat-silent" -> new Event.BeatSilent("nobody answers");
            case "woke" -> new Event.Woke();
            case "changed" -> new Event.GatewayChanged(true);
            case "gone" -> new Event.GatewayChanged(false);
            case "stopped" -> new Event.GatewayStopped(words[1].equals("closed"));
            case "leave" -> new Event.StopRequested();
            case "bye" -> new Event.Deregistered();
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static @Nullable Lease named(String text, String name) {
        for (String word : text.split(" ", -1)) {
            if (word.startsWith(name)) {
                return lease(word.substring(name.length()), text);
            }
        }
        return null;
    }

    private static Lease lease(String where, String text) {
        String[] parts = where.split("#", -1);
        return new Lease(
                text.contains("of rescue") ? RESCUE : MAIN,
                NOW,
                Integer.parseInt(parts[0]),
                text.contains("narrow") ? Footprint.contiguous(4) : WIDE,
                "simulated-wide",
                Long.parseLong(parts[1]),
                text.contains("revoked") ? LeaseState.REVOKED : LeaseState.OFFERED);
    }

    private static Event.No no(String code, String text) {
        long retry = 0;
        Lease holder = null;
        for (String word : text.split(" ", -1)) {
            if (word.startsWith("retry=")) {
                retry = Long.parseLong(word.substring(6));
            } else if (word.startsWith("holder=")) {
                String[] parts = word.substring(7).split("[@:]", -1);
                holder = new Lease(
                        new InstanceKey(HOST, new InstanceId(parts[0])),
                        new Incarnation(3),
                        Integer.parseInt(parts[1]),
                        WIDE,
                        "simulated-wide",
                        3,
                        parts.length > 2 ? LeaseState.parse(parts[2]) : LeaseState.CONFIRMED);
            }
        }
        return new Event.No(code, "because", retry, holder);
    }

    private static String words(List<Action> actions) {
        return actions.stream().map(LeaseKeeperTest::word).collect(Collectors.joining("; "));
    }

    private static String word(Action action) {
        if (action instanceof Action.Register register) {
            Claim claim = register.claim();
            var rejected = register.rejected();
            return "register"
                    + (claim == null ? "" : " " + claim.base() + "#" + claim.fence() + " " + claim.guard())
                    + (rejected == null
                            ? ""
                            : " not " + rejected.fence() + ":"
                                    + rejected.busy().get(0).port());
        } else if (action instanceof Action.Take take) {
            return "take " + take.lease().base() + (take.occupied() ? " own" : "");
        } else if (action instanceof Action.Run run) {
            return "run " + run.lease().base();
        } else if (action instanceof Action.Adopt adopt) {
            return "adopt " + adopt.lease().base();
        } else if (action instanceof Action.Beat beat) {
            return "beat " + beat.lease().base() + "#" + beat.lease().fence() + " " + beat.guard();
        } else if (action instanceof Action.Remember remember) {
            return "remember " + remember.lease().base() + "#"
                    + remember.lease().fence();
        } else if (action instanceof Action.StopGateway) {
            return "stop";
        } else if (action instanceof Action.LetGo) {
            return "let-go";
        } else if (action instanceof Action.Deregister goodbye) {
            return "deregister " + (goodbye.portsClosed() ? "closed" : "open");
        } else if (action instanceof Action.Wait pause) {
            return "wait " + pause.millis();
        } else if (action instanceof Action.Quit quit) {
            return "quit " + quit.ending().name().toLowerCase(Locale.ROOT);
        }
        throw new IllegalArgumentException(action.toString());
    }
}
