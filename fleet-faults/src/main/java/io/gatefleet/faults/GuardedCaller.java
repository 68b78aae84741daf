package io.gatefleet.faults;

import io.gatefleet.contract.host.HostFacts;
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
import java.util.function.Supplier;

/**
 * Joins, guards, listens, confirms and leaves again as a node does, only faster, and writes down its guards. What fails is
 * asked again until it is answered.
 */
public final class GuardedCaller implements AutoCloseable {
    private final HttpClient client;
    private final List<URI> registries;
    private final InstanceKey key;
    private final Supplier<HostFacts> facts;
    private final PortSpace space;
    private final Journal journal;
    private long lives;
    private int refusedGuards;
    private long slowestNanos;

    /**
     * @param facts of this host, read anew for each life
     * @param journals the directory that gets its journal
     */
    public GuardedCaller(
            HttpClient client, List<URI> registries, InstanceKey key, Supplier<HostFacts> facts, Path journals)
            throws IOException {
        this.client = client;
        this.registries = registries;
        this.key = key;
        this.facts = facts;
        this.space = Kernel.portSpace();
        this.journal =
                Journal.open(journals.resolve(key.instance() + ".jsonl"), "caller " + key, "test", Keeping.SMALL);
    }

    /** One life, from the first word to the last. */
    public void live() throws IOException {
        long began = System.nanoTime();
        Incarnation incarnation = new Incarnation(++lives);
        SpeakingNode node = new SpeakingNode(client, registries, key, incarnation, facts);
        Insisting.on(node::join);
        if (PortGuard.take(node.lease().ports()) instanceof Guarding.Held held) {
            write(Word.TAKEN, node);
            // As the gateway would: the kernel takes no second listener either.
            try (PortGuard guard = held.guard();
                    ServerSocket gateway = new ServerSocket(node.lease().base(), 1, InetAddress.getLoopbackAddress())) {
                do {
                    Insisting.on(node::beat);
                } while (node.lease().state() != LeaseState.CONFIRMED && guard.isHeld() && gateway.isBound());
                write(Word.LET_GO, node);
            }
        } else {
            refusedGuards++;
        }
        Insisting.on(node::leave);
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
}
