package io.gatefleet.health.verdict;

import io.gatefleet.contract.command.OpenRequest;
import io.gatefleet.contract.health.HostHealth;
import io.gatefleet.contract.health.InstanceHealth;
import io.gatefleet.contract.health.Verdict;
import io.gatefleet.contract.instance.Beat;
import io.gatefleet.contract.instance.DesiredState;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One instance under observation: its last word, what came of the words before, and how it is judged. */
final class Case {
    /** How far its silence has gone. */
    enum Silence {
        HEARD,
        /** Longer silent than it should be. */
        SUSPECT,
        /** So long that it would be called unreachable, were there not too many of its kind at once. */
        HELD,
        /** Believed to be out of reach. */
        GONE
    }

    private static final Judgement NEW = Judgement.of(Reason.NOT_PROBED, "Not heard yet.");

    private final InstanceKey key;
    private final VerdictRules rules;
    private final Verdicts verdicts;
    private final Hysteresis live;
    private final Hysteresis ready;
    private final FlapFilter flaps;
    private Flavor flavor;
    private Heartbeat word;
    private long heardAt;

    /** Of the word, at {@link #readAge}: a word that comes is counted and judged in one moment. Null: not read yet. */
    private @Nullable Reading reading;

    private long readAge;
    private Silence silence = Silence.HEARD;

    /** When its open request broke off; null: it did not, or the node was heard since. */
    private @Nullable Long brokeAt;

    /** The registry where its request was opened last; null: nobody said. */
    private @Nullable String openAt;

    /** Whether somebody wanted its process to end; so its next start is no sign of unrest either. */
    private boolean ended;

    private boolean judgedHeard;
    private long checkedAt;
    private Verdict.@Nullable State checked;
    private Judgement verdict = NEW;
    private List<Judgement> problems = List.of();
    private final Map<String, Long> since = new HashMap<>();

    Case(Beat first, VerdictRules rules, Verdicts verdicts, long now) {
        this.key = first.instance();
        this.rules = rules;
        this.verdicts = verdicts;
        this.live = new Hysteresis(rules.badToFall(), rules.goodToRise());
        this.ready = new Hysteresis(rules.badToFall(), rules.goodToRise());
        this.flaps = new FlapFilter(rules.flapping());
        this.flavor = first.flavor();
        this.word = first.heartbeat();
        this.heardAt = now;
    }

    InstanceKey key() {
        return key;
    }

    /** Of its gateway, as it said; null while nobody knows. */
    @Nullable
    String version() {
        return word.gateway().version();
    }

    Incarnation incarnation() {
        return word.incarnation();
    }

    Silence silence() {
        return silence;
    }

    Judgement verdict() {
        return verdict;
    }

    /** Everything about it that is a problem. */
    List<Judgement> problems() {
        return problems;
    }

    long heardAt() {
        return heardAt;
    }

    /** When what has this code began. */
    long since(String code, long now) {
        return since.getOrDefault(code, now);
    }

    boolean isNewer(Heartbeat other) {
        int byLife = other.incarnation().compareTo(word.incarnation());
        return byLife > 0 || (byLife == 0 && other.sequence() > word.sequence());
    }

    /** Takes a newer word. */
    void hear(Beat beat, long now) {
        if (!beat.heartbeat().incarnation().equals(word.incarnation())) {
            live.reset();
            ready.reset();
        }
        flavor = beat.flavor();
        word = beat.heartbeat();
        reading = null;
        heardAt = now;
        brokeAt = null;
        silence = Silence.HEARD;
        check(now);
    }

    /**
     * Its open request was opened, or broke off. One that went to another registry may be told of before the one that it
     * left has noticed.
     */
    void hear(OpenRequest request, long now) {
        if (request.open()) {
            openAt = request.member();
            brokeAt = null;
        } else if (openAt == null || openAt.equals(request.member())) {
            brokeAt = now;
        }
    }

    /** Whether its open request broke off and it was not heard for too long since. */
    boolean isBroken(long now) {
        return brokeAt != null && now - brokeAt >= VerdictRules.COMES_BACK.toNanos();
    }

    /** Whether it is expected to be down. */
    boolean isInMaintenance() {
        DesiredState desired = word.gateway().desired();
        return desired != null && desired.maintenance();
    }

    /** Counts the word as a check of the gateway, if it is one. */
    void check(long now) {
        if (isInMaintenance()) {
            live.reset();
            ready.reset();
            return;
        }
        Judgement process = reading(0).process();
        boolean changed = checked != process.state();
        if (!changed && now - checkedAt < rules.checkEvery().toNanos()) {
            return;
        }
        checkedAt = now;
        checked = process.state();
        GatewayReport.Probe probe = word.gateway().probe();
        switch (process.reason()) {
            case READY, NOT_READY, PROBE_FAILING -> {
                if (countedByNode(probe)) {
                    live.settle(false);
                    ready.settle(false);
                } else {
                    live.check(probe != null && probe.live());
                    ready.check(probe != null && probe.ready());
                }
                flaps.check(process.state());
                ended = false;
            }
            // Meant to be so, by somebody: no sign of unrest.
            case DRAINING, DRAINED, STOPPED, CORDONED -> {
                live.reset();
                ready.reset();
                ended = true;
            }
            case NOT_PROBED -> {
                live.reset();
                ready.reset();
            }
            case STARTING -> {
                live.reset();
                ready.reset();
                if (!ended) {
                    flaps.check(process.state());
                }
            }
            default -> {
                live.reset();
                ready.reset();
                flaps.check(process.state());
                ended = false;
            }
        }
    }

    /** What its last word means after so many milliseconds. */
    private Reading reading(long ageMillis) {
        Reading known = reading;
        if (known == null || readAge != ageMillis) {
            known = verdicts.read(word, ageMillis);
            reading = known;
            readAge = ageMillis;
        }
        return known;
    }

    /** Whether time alone can change what is to be said of it: of a calm fleet, only of those that start or stop. */
    boolean ages() {
        return silence != Silence.HEARD
                || !judgedHeard
                || word.gateway().state() == GatewayState.STARTING
                || word.gateway().state() == GatewayState.DRAINING;
    }

    /** The node asks more often than it speaks: bad answers that it counted are not waited for once more. */
    private boolean countedByNode(GatewayReport.@Nullable Probe probe) {
        Integer bad = probe == null || probe.live() ? null : probe.badInARow();
        return bad != null && bad >= rules.badToFall();
    }

    /** Writes down how far its silence goes. */
    void silence(Silence next) {
        if (next == Silence.GONE && silence != Silence.GONE && !isInMaintenance()) {
            flaps.check(Verdict.State.UNREACHABLE);
        }
        silence = next;
    }

    /** The observer slept: what it did not hear meanwhile is no silence. */
    void excuse(long nanos, long now) {
        heardAt = Math.min(now, heardAt + nanos);
    }

    /**
     * Judges anew.
     *
     * @param host how its host is
     * @return the change, if it is one
     */
    Optional<Transition> judge(HostHealth.State host, long now) {
        Judgement before = verdict;
        judgedHeard = silence == Silence.HEARD;
        List<Judgement> said = new ArrayList<>();
        verdict = isInMaintenance() ? inMaintenance(host, now) : weigh(host, now, said);
        said.add(verdict);
        said.removeIf(judgement -> judgement.reason().severity().isEmpty());
        problems = List.copyOf(said);
        remember(now);
        return before.state() == verdict.state() && before.code().equals(verdict.code())
                ? Optional.empty()
                : Optional.of(new Transition(key, before.state(), verdict.state(), verdict.code()));
    }

    /** What is wrong is said, and is no problem. */
    private Judgement inMaintenance(HostHealth.State host, long now) {
        Judgement otherwise = weigh(host, now, new ArrayList<>());
        return Judgement.of(
                Reason.IN_MAINTENANCE,
                "In maintenance, as an operator wanted. Otherwise it would be %s: %s"
                        .formatted(otherwise.state(), otherwise.sentence()));
    }

    private Judgement weigh(HostHealth.State host, long now, List<Judgement> also) {
        long age = TimeUnit.NANOSECONDS.toMillis(now - heardAt);
        if (silence == Silence.GONE || silence == Silence.HELD) {
            return silent(host, age);
        }
        Reading read = reading(age);
        Judgement worst = read.worst(steadied(read.process()));
        also.addAll(read.verdicts());
        also.addAll(read.remarks());
        also.remove(worst);
        if (flaps.flapping()) {
            Judgement flapping = Judgement.of(
                    Reason.FLAPPING,
                    "Changed its state often: %d %% of the last %d checks, by weight. Now: %s"
                            .formatted(
                                    Math.round(flaps.score() * 100),
                                    rules.flapping().window(),
                                    worst.sentence()));
            if (worst.reason() == Reason.READY) {
                worst = flapping;
            } else {
                also.add(flapping);
            }
        }
        if (silence == Silence.SUSPECT && worst.state().compareTo(Verdict.State.UNKNOWN) < 0) {
            also.add(worst);
            return Judgement.of(
                    Reason.NODE_SUSPECT,
                    (isBroken(now) ? "Its node's open request broke off, and it has not come back. " : "")
                            + "Its node was last heard %s ago. Then: %s"
                                    .formatted(Spoken.millis(age), worst.sentence()));
        }
        return worst;
    }

    private Judgement silent(HostHealth.State host, long age) {
        String heard = "Its node was last heard %s ago".formatted(Spoken.millis(age));
        if (silence == Silence.HELD) {
            return Judgement.of(
                    Reason.SILENCE_HELD, heard + "; not called unreachable yet, because too many fell silent at once.");
        }
        if (host == HostHealth.State.DOWN) {
            return Judgement.of(Reason.HOST_SILENT, heard + ", as every node of " + key.host() + ".");
        }
        String others = host == HostHealth.State.UP ? "speak" : "have not been silent for as long";
        return Judgement.of(Reason.NODE_SILENT, "%s; others on %s %s.".formatted(heard, key.host(), others));
    }

    /** The probe's part of the verdict, with what is believed in the place of what was said last. */
    private Judgement steadied(Judgement process) {
        boolean good = process.reason() == Reason.READY;
        boolean probed = good || process.reason() == Reason.NOT_READY || process.reason() == Reason.PROBE_FAILING;
        if (!probed) {
            return process;
        }
        Reason believed = !live.believed(process.reason() != Reason.PROBE_FAILING)
                ? Reason.PROBE_FAILING
                : ready.believed(good) ? Reason.READY : Reason.NOT_READY;
        if (believed == process.reason()) {
            return process;
        }
        int needed = believed == Reason.READY ? rules.badToFall() : rules.goodToRise();
        return Judgement.of(
                believed,
                "%s so far. The last check says otherwise, which is believed after %d in a row: %s"
                        .formatted(Spoken.sentence(believed.title()), needed, process.sentence()));
    }

    private void remember(long now) {
        if (problems.isEmpty() && since.size() == 1 && since.containsKey(verdict.code())) {
            return; // As most are at most times.
        }
        Map<String, Long> still = new HashMap<>();
        still.put(verdict.code(), since.getOrDefault(verdict.code(), now));
        problems.forEach(problem -> still.put(problem.code(), since.getOrDefault(problem.code(), now)));
        since.clear();
        since.putAll(still);
    }

    /** @param labels null: nobody told them yet */
    InstanceHealth view(@Nullable Map<String, String> labels, long now) {
        return new InstanceHealth(
                key,
                flavor,
                new Verdict(
                        verdict.state(),
                        verdict.code(),
                        verdict.sentence(),
                        TimeUnit.NANOSECONDS.toMillis(now - since(verdict.code(), now))),
                new InstanceHealth.NodeSignal(
                        TimeUnit.NANOSECONDS.toMillis(now - heardAt),
                        silence != Silence.HEARD,
                        word.guard(),
                        word.nodeResidentBytes()),
                word.gateway(),
                word.lease(),
                flaps.score(),
                flaps.flapping(),
                labels);
    }
}
