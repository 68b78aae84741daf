package io.gatefleet.faults.nemesis;

import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.faults.SpeakingNode;
import io.gatefleet.history.Event;
import io.gatefleet.history.Event.Guard.Word;
import io.gatefleet.history.Journal;
import io.gatefleet.history.Keeping;
import io.gatefleet.node.port.Guarding;
import io.gatefleet.node.port.Kernel;
import io.gatefleet.node.port.PortGuard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Join, guard, listen, confirm, leave, and again, each with a thread and a journal of its own. Whatever fails is asked
 * again; who is told that nobody knows him begins a new life.
 */
final class PassersBy implements AutoCloseable {
    /** The facts of a host with many guards cost some 20 ms each time. */
    private static final long BETWEEN_MILLIS = 5_000;

    private static final long AGAIN_MILLIS = 250;

    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong lives = new AtomicLong();
    private final AtomicLong refusedGuards = new AtomicLong();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final List<URI> registries;

    private PassersBy(List<URI> registries) {
        this.registries = registries;
    }

    /** @param journals the directory that gets one journal of each */
    static PassersBy start(int count, HostId host, String name, List<URI> registries, Path journals)
            throws IOException {
        PassersBy passers = new PassersBy(registries);
        for (int i = 0; i < count; i++) {
            InstanceKey key = new InstanceKey(host, new InstanceId(name + "-passer-" + i));
            // Before the thread: a directory that cannot be made is told to whoever starts this.
            Journal journal = Journal.open(
                    journals.resolve(key.instance() + ".jsonl"),
                    "passer %s, pid %d, %d"
                            .formatted(key, ProcessHandle.current().pid(), System.currentTimeMillis()),
                    "nemesis",
                    Keeping.LARGE);
            Thread thread = new Thread(() -> passers.pass(key, journal), "passer " + key);
            passers.threads.add(thread);
            thread.start();
        }
        return passers;
    }

    /** Whole ones. */
    long lives() {
        return lives.get();
    }

    /** How often another's guard stood where one of them was sent. */
    long refusedGuards() {
        return refusedGuards.get();
    }

    private void pass(InstanceKey key, Journal journal) {
        try (journal) {
            PortSpace space = Kernel.portSpace();
            // Larger than in any life of this instance before, also of a process that was killed.
            long incarnation = System.currentTimeMillis();
            while (end.getCount() > 0) {
                SpeakingNode node = new SpeakingNode(
                        client, registries, key, new Incarnation(++incarnation), () -> Kernel.facts(Set.of()));
                live(node, space, journal);
                end.await(BETWEEN_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (IOException | InterruptedException cause) {
            throw new IllegalStateException(key + " cannot go on", cause);
        }
    }

    private void live(SpeakingNode node, PortSpace space, Journal journal) throws IOException, InterruptedException {
        if (!inTheEnd(node::join)) {
            return;
        }
        if (PortGuard.take(node.lease().ports()) instanceof Guarding.Held held) {
            try (PortGuard guard = held.guard()) {
                write(journal, Word.TAKEN, node, space);
                // As the gateway would: the kernel takes no second listener either.
                try (ServerSocket gateway =
                        new ServerSocket(node.lease().base(), 1, InetAddress.getLoopbackAddress())) {
                    do {
                        if (!inTheEnd(node::beat)) {
                            break;
                        }
                    } while (node.lease().state() != LeaseState.CONFIRMED && gateway.isBound() && guard.isHeld());
                }
                write(journal, Word.LET_GO, node, space);
            }
            lives.incrementAndGet();
        } else {
            refusedGuards.incrementAndGet();
        }
        inTheEnd(node::leave);
    }

    private static void write(Journal journal, Word word, SpeakingNode node, PortSpace space) {
        journal.write(new Event.Guard(
                word,
                node.key(),
                node.lease().incarnation(),
                space,
                node.lease().fence(),
                node.lease().ports()));
    }

    private interface Said {
        void say() throws InterruptedException;
    }

    /** False when the answer was a no that stays one, or when there is no time to ask again. */
    private boolean inTheEnd(Said word) throws InterruptedException {
        while (true) {
            try {
                word.say();
                return true;
            } catch (IllegalStateException refused) {
                String said = String.valueOf(refused.getMessage());
                if (said.contains(": 404 ") || said.contains(": 409 ") || said.contains(": 412 ")) {
                    return false;
                }
                if (end.await(AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                    return false;
                }
            }
        }
    }

    /** Each ends the life that it is in. */
    @Override
    public void close() {
        end.countDown();
        for (Thread thread : threads) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(20));
            } catch (InterruptedException told) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
