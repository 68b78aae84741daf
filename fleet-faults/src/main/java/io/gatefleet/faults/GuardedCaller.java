package io.gatefleet.faults;

import static org.awaitility.Awaitility.await;

import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.LeaseState;
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
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * Joins, guards, listens, confirms and leaves again as a node does, only faster, and writes down its guards. What fails is
 * asked again until it is answered.
 */
public final class GuardedCaller implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final HttpClient client;
    private final List<URI> registries;
    private final InstanceKey key;
    private final PortSpace space;
    private final Journal journal;
    private long lives;
    private int refusedGuards;
    private long slowestNanos;

    public GuardedCaller(HttpClient client, List<URI> registries, InstanceKey key, Path journals) throws IOException {
        this.client = client;
        this.registries = registries;
        this.key = key;
        this.space = Kernel.portSpace();
        this.journal =
                Journal.open(journals.resolve(key.instance() + ".jsonl"), "caller " + key, "test", Keeping.SMALL);
    }

    /** One life, from the first word to the last. */
    public void live() throws IOException {
        long began = System.nanoTime();
        Incarnation incarnation = new Incarnation(++lives);
        SpeakingNode node = new SpeakingNode(client, registries, key, incarnation, () -> Kernel.facts(Set.of()));
        inTheEnd(() -> {
            node.join();
            return true;
        });
        if (PortGuard.take(node.lease().ports()) instanceof Guarding.Held held) {
            write(Word.TAKEN, node);
            // As the gateway would: the kernel takes no second listener either.
            try (PortGuard guard = held.guard();
                    ServerSocket gateway = new ServerSocket(node.lease().base(), 1, InetAddress.getLoopbackAddress())) {
                inTheEnd(() -> {
                    node.beat();
                    return node.lease().state() == LeaseState.CONFIRMED && guard.isHeld() && gateway.isBound();
                });
                write(Word.LET_GO, node);
            }
        } else {
            refusedGuards++;
        }
        inTheEnd(() -> {
            node.leave();
            return true;
        });
        slowestNanos = Math.max(slowestNanos, System.nanoTime() - began);
    }

    /** Of all lives. */
    public Duration slowest() {
        return Duration.ofNanos(slowestNanos);
    }

    /** How often somebody else's guard stood where this one was sent. */
    public int refusedGuards() {
        return refusedGuards;
    }

    @Override
    public void close() {
        journal.close();
    }

    private void write(Word word, SpeakingNode node) {
        journal.write(new Event.Guard(
                word,
                key,
                node.lease().incarnation(),
                space,
                node.lease().fence(),
                node.lease().ports()));
    }

    private static void inTheEnd(Callable<Boolean> word) {
        await().atMost(SOON)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .ignoreException(IllegalStateException.class)
                .until(word);
    }
}
