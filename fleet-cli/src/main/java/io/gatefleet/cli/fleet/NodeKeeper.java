package io.gatefleet.cli.fleet;

import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.node.InstanceLock;
import io.gatefleet.node.NodeExit;
import io.gatefleet.node.gateway.InstanceHome;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one node's process: starts it, notes when it ends, starts it again after a pause. A node that runs already, left
 * by an {@code up} that was killed, is kept in the same way. For one thread; moments are {@code nanoTime}.
 */
final class NodeKeeper {
    /** A node that was not heard yet is told to end after that long: before, it may not know the signal. */
    private static final Duration DEAF_AT_FIRST = Duration.ofSeconds(10);

    private final InstanceId instance;
    private final InstanceHome home;
    private final Launcher launcher;
    private final Consumer<Happening> mailbox;
    private final Backoff backoff = new Backoff();

    private @Nullable ProcessHandle node;
    private boolean child;
    private long startedAt;
    private boolean due;
    private long dueAt;
    private boolean wantedGone;
    private boolean told;
    private boolean wondered;
    private @Nullable Heartbeat word;

    /** Starts the process of a node. */
    interface Launcher {
        Process start(InstanceId instance) throws IOException;
    }

    /** What came of an attempt to start. */
    enum Start {
        STARTED,
        /** It ran already. */
        FOUND,
        /** Somebody has its lock and did not say who yet: tried again in a second. */
        LATER
    }

    NodeKeeper(InstanceId instance, InstanceHome home, Launcher launcher, Consumer<Happening> mailbox) {
        this.instance = instance;
        this.home = home;
        this.launcher = launcher;
        this.mailbox = mailbox;
    }

    InstanceId instance() {
        return instance;
    }

    /** Whether the instance never had a node here. */
    boolean isNew() {
        return !Files.exists(home.nodeFile());
    }

    /** The node's process; -1 while there is none. */
    long pid() {
        return node == null ? -1 : node.pid();
    }

    boolean runs() {
        return node != null;
    }

    /** Not running, and not to be started again. */
    boolean gaveUp() {
        return node == null && !due;
    }

    boolean isDue(long now) {
        return due && now - dueAt >= 0;
    }

    /** The last heartbeat that was heard of the process that runs now. */
    @Nullable
    Heartbeat word() {
        return word;
    }

    void heard(Heartbeat heartbeat) {
        word = heartbeat;
    }

    /** How long it runs. */
    Duration age(long now) {
        return Duration.ofNanos(now - startedAt);
    }

    /** True once, for a node that was found running and is not heard for {@code patience}. */
    boolean isStrange(long now, Duration patience) {
        boolean strange = node != null && !child && word == null && !wondered && age(now).compareTo(patience) >= 0;
        wondered |= strange;
        return strange;
    }

    Start start(long now) throws IOException {
        due = false;
        word = null;
        told = false;
        startedAt = now;
        home.create();
        InstanceLock.Locking locking = look(home);
        if (locking instanceof InstanceLock.Locking.AlreadyRunning running) {
            return found(running, now);
        }
        Process process = launcher.start(instance);
        node = process.toHandle();
        child = true;
        CompletableFuture<Void> unused = process.onExit()
                .thenAccept(ended -> mailbox.accept(
                        new Happening.NodeEnded(instance, ended.pid(), OptionalInt.of(ended.exitValue()))));
        return Start.STARTED;
    }

    /** The node that runs an instance, whoever started it. */
    static Optional<ProcessHandle> runningNode(InstanceHome home) throws IOException {
        return look(home) instanceof InstanceLock.Locking.AlreadyRunning running ? process(running) : Optional.empty();
    }

    /** Only a look: a lock that is free is given back at once. */
    private static InstanceLock.Locking look(InstanceHome home) throws IOException {
        InstanceLock.Locking locking = InstanceLock.take(home);
        if (locking instanceof InstanceLock.Locking.Taken taken) {
            taken.lock().close();
        }
        return locking;
    }

    private static Optional<ProcessHandle> process(InstanceLock.Locking.AlreadyRunning running) {
        return running.pid().isEmpty()
                ? Optional.empty()
                : ProcessHandle.of(running.pid().getAsLong());
    }

    private Start found(InstanceLock.Locking.AlreadyRunning running, long now) {
        ProcessHandle holder = process(running).orElse(null);
        if (holder == null) {
            due = true;
            dueAt = now + Duration.ofSeconds(1).toNanos();
            return Start.LATER;
        }
        node = holder;
        child = false;
        return Start.FOUND;
    }

    /** Looks after a node that is no child of this process: nobody is told when such a one ends. */
    void watch() {
        if (node != null && !child && !node.isAlive()) {
            mailbox.accept(new Happening.NodeEnded(instance, node.pid(), OptionalInt.empty()));
        }
    }

    /** Its process is gone. Returns the pause until it is started again; null: it is not. */
    @Nullable
    Duration ended(OptionalInt exitCode, long now) {
        Duration lived = age(now);
        node = null;
        int code = exitCode.orElse(NodeExit.DRAINED);
        boolean forGood =
                wantedGone || code == NodeExit.USAGE || code == NodeExit.SUPERSEDED || code == NodeExit.REVOKED;
        if (forGood) {
            due = false;
            return null;
        }
        // Another node was quicker: it is found at once.
        Duration pause = code == NodeExit.ALREADY_RUNNING ? Duration.ZERO : backoff.after(lived);
        due = true;
        dueAt = now + pause.toNanos();
        return pause;
    }

    /** It could not even be started. Returns the pause until it is tried again; none once it is not wanted any more. */
    Duration failed(long now) {
        Duration pause = backoff.after(Duration.ZERO);
        due = !wantedGone;
        dueAt = now + pause.toNanos();
        return pause;
    }

    /** Wants the node gone, and its gateway with it. Returns whether it waits for its next start. */
    boolean dismiss() {
        wantedGone = true;
        return node == null && due;
    }

    /** Tells it once it can hear. */
    void tellToEnd(long now) {
        if (wantedGone && (word != null || age(now).compareTo(DEAF_AT_FIRST) >= 0)) {
            tellNow();
        }
    }

    /** Tells it, whether it can hear or not: one that cannot has started no gateway yet. */
    void tellNow() {
        if (!told && node != null) {
            told = true;
            node.destroy();
        }
    }
}
