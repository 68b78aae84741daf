package io.gatefleet.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.PortSpace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedFactsTest {
    private final AtomicInteger begun = new AtomicInteger();
    private final Semaphore mayEnd = new Semaphore(0);
    private final SharedFacts facts = new SharedFacts(this::read);

    /** The number of the reading is that of the port space. */
    private HostFacts read() {
        int number = begun.incrementAndGet();
        mayEnd.acquireUninterruptibly();
        return HostFacts.bare(new PortSpace("boot", number));
    }

    @Test
    void whoAsksDuringAReadingSharesTheNextOneWithAllWhoDo() throws Exception {
        FutureTask<HostFacts> first = new FutureTask<>(facts::get);
        new Thread(first).start();
        await().until(() -> begun.get() == 1);
        List<FutureTask<HostFacts>> others = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            FutureTask<HostFacts> other = new FutureTask<>(facts::get);
            others.add(other);
            threads.add(new Thread(other));
        }
        threads.forEach(Thread::start);
        await().until(() -> threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
        mayEnd.release(2);

        assertThat(first.get(10, TimeUnit.SECONDS).portSpace()).isEqualTo(new PortSpace("boot", 1));
        for (FutureTask<HostFacts> other : others) {
            assertThat(other.get(10, TimeUnit.SECONDS).portSpace()).isEqualTo(new PortSpace("boot", 2));
        }
        assertThat(begun).hasValue(2);
    }

    @Test
    void aFailureIsToldAndTheNextOneReadsAnew() {
        SharedFacts broken = new SharedFacts(() -> {
            throw new UncheckedIOException(new IOException("no table " + begun.incrementAndGet()));
        });

        assertThatThrownBy(broken::get).hasRootCauseMessage("no table 1");
        assertThatThrownBy(broken::get).hasRootCauseMessage("no table 2");
    }
}
