package io.gatefleet.allocator.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.allocator.lease.Command;
import io.gatefleet.allocator.lease.LeaseRules;
import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.AcquireLease;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.runtime.Unavailable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AskedTogetherTest {
    private static final HostId MILL = new HostId("mill");
    private static final LeaseRules RULES =
            new LeaseRules(PortSet.parse("18789-32767"), false, List.of(), 5, 30_000, 30_000, 5_000);

    private final List<List<Long>> operations = new ArrayList<>();
    private final List<CompletableFuture<List<LedgerAnswer>>> underWay = new ArrayList<>();
    private long now;
    private final AskedTogether together = new AskedTogether(this::operation, () -> now);

    @Test
    void aLoneCallerWaitsForNobody() {
        Future<Boolean> answer = ask(1);

        assertThat(operations).containsExactly(List.of(1L));
        assertThat(answer.isComplete()).isFalse();

        answer(0);

        assertThat(answer.result()).isTrue();
    }

    @Test
    void whatIsAskedMeanwhileGoesTogetherAndInOrder() {
        for (long i = 1; i <= 4; i++) {
            ask(i);
        }

        assertThat(operations).containsExactly(List.of(1L));

        answer(0);

        assertThat(operations).containsExactly(List.of(1L), List.of(2L, 3L, 4L));
    }

    @Test
    void noOperationIsLargerThanItsBound() {
        int asked = 3 * AskedTogether.MOST;
        List<Future<Boolean>> answers =
                IntStream.range(0, asked).mapToObj(this::ask).toList();

        for (int i = 0; i < operations.size(); i++) {
            answer(i);
        }

        assertThat(operations).allSatisfy(one -> assertThat(one).hasSizeLessThanOrEqualTo(AskedTogether.MOST));
        assertThat(operations.stream().flatMap(List::stream))
                .containsExactlyElementsOf(
                        IntStream.range(0, asked).mapToObj(i -> (long) i).toList());
        assertThat(answers).allSatisfy(answer -> assertThat(answer.result()).isTrue());
    }

    @Test
    void aRegistrationWithManyListenersTakesTheRoomOfMany() {
        ask(0);
        int most = HostFacts.MOST_LISTENERS;
        for (int i = 0; i < 5; i++) {
            together.add(asked(acquire(most), Promise.promise()));
        }

        for (int i = 0; i < operations.size(); i++) {
            answer(i);
        }

        // Each weighs 65 of 128.
        assertThat(operations).extracting(List::size).containsExactly(1, 1, 1, 1, 1, 1);
    }

    @Test
    void oneThatCannotBeMeantHurtsNobodyBesideIt() {
        ask(0);
        Future<Boolean> good = ask(1);
        Future<Boolean> bad = ask(2);
        Future<Boolean> bug = ask(3);
        Future<Boolean> last = ask(4);
        answer(0);

        underWay.get(1)
                .complete(List.of(
                        new LedgerAnswer.Reply(true),
                        new LedgerAnswer.Complaint("holder.host", "barn", "mill"),
                        new LedgerAnswer.Bug("a bug"),
                        new LedgerAnswer.Reply(false)));

        assertThat(good.result()).isTrue();
        assertThat(bad.cause()).isInstanceOf(BadInput.class).hasMessageContaining("holder.host");
        assertThat(bug.cause()).hasMessage("a bug");
        assertThat(last.result()).isFalse();
    }

    @Test
    void anOperationThatFailsIsToldToAllOfItAndTheNextOnesGoOn() {
        Future<Boolean> first = ask(1);
        Future<Boolean> second = ask(2);

        underWay.get(0).completeExceptionally(new IllegalStateException("lost"));

        assertThat(first.cause()).hasMessage("lost");
        assertThat(operations).containsExactly(List.of(1L), List.of(2L));

        answer(1);

        assertThat(second.result()).isTrue();
    }

    @Test
    void whoAskedLongAgoIsToldSoAndNothingIsDone() {
        Future<Boolean> first = ask(1);
        Future<Boolean> old = ask(2);
        now += AskedTogether.STALE_NANOS + 1;
        Future<Boolean> fresh = ask(3);

        answer(0);

        assertThat(operations).containsExactly(List.of(1L), List.of(3L));
        assertThat(first.result()).isTrue();
        assertThat(old.cause()).isInstanceOf(Unavailable.class);
        assertThat(fresh.isComplete()).isFalse();
    }

    @Test
    void manyThreadsAreAllAnsweredAndOneOperationIsUnderWayAtATime() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AskedTogether busy = new AskedTogether(
                asked -> CompletableFuture.supplyAsync(() -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    List<LedgerAnswer> answers = Collections.nCopies(asked.size(), new LedgerAnswer.Reply(true));
                    running.decrementAndGet();
                    return answers;
                }),
                System::nanoTime);
        List<Promise<Boolean>> promises = IntStream.range(0, 4_000)
                .mapToObj(i -> Promise.<Boolean>promise())
                .toList();
        List<Thread> threads = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            List<Promise<Boolean>> mine = promises.subList(1_000 * thread, 1_000 * (thread + 1));
            threads.add(new Thread(() -> mine.forEach(promise -> busy.add(
                    new Asked<>(MILL, new Command.Revoke(1), RULES, System.nanoTime(), promise, Runnable::run)))));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        for (Promise<Boolean> promise : promises) {
            assertThat(promise.future().await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(most).hasValue(1);
    }

    private Future<Boolean> ask(long fence) {
        Promise<Boolean> promise = Promise.promise();
        together.add(asked(new Command.Revoke(fence), promise));
        return promise.future();
    }

    private <R> Asked<R> asked(Command<R> command, Promise<R> promise) {
        return new Asked<>(MILL, command, RULES, now, promise, Runnable::run);
    }

    private void answer(int operation) {
        underWay.get(operation)
                .complete(Collections.nCopies(operations.get(operation).size(), new LedgerAnswer.Reply(true)));
    }

    private CompletionStage<List<LedgerAnswer>> operation(List<Asked<?>> asked) {
        operations.add(asked.stream()
                .map(one -> one.command() instanceof Command.Revoke revoke ? revoke.fence() : -1L)
                .toList());
        underWay.add(new CompletableFuture<>());
        return underWay.get(underWay.size() - 1);
    }

    private static Command.Acquire acquire(int listeners) {
        return new Command.Acquire(
                new AcquireLease(
                        new InstanceKey(MILL, new InstanceId("main")),
                        new Incarnation(1),
                        "openclaw-wide",
                        Footprint.contiguous(111),
                        new HostFacts(
                                new PortSpace("boot", 1),
                                Collections.nCopies(
                                        listeners,
                                        new Listener(80, "127.0.0.1", 1, "nginx", false, Listener.Reading.PLAIN)),
                                PortSet.EMPTY,
                                new PortRange(32_768, 60_999),
                                PortSet.EMPTY,
                                false),
                        null,
                        null),
                1);
    }
}
