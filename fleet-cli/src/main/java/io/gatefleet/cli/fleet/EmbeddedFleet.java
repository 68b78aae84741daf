package io.gatefleet.cli.fleet;

import io.gatefleet.cli.CannotGoOn;
import io.gatefleet.cli.Exit;
import io.gatefleet.cli.text.Ink;
import io.gatefleet.cli.text.Wording;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.node.NodeExit;
import io.gatefleet.node.Signals;
import io.gatefleet.node.gateway.InstanceHome;
import io.gatefleet.runtime.Version;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A whole fleet on this machine, until it is told to end: the control plane in this JVM, a child process for each node.
 * One thread runs it; whatever happens reaches it through one queue.
 */
public final class EmbeddedFleet {
    /** Nodes that are no children are looked at that often. */
    private static final Duration TICK = Duration.ofMillis(250);
    /** After that long the table is shown with whatever state is reached. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** The second node waits that long at most for the first one's lease. */
    private static final Duration FIRST_PLACE = Duration.ofSeconds(5);

    private static final Duration REMIND = Duration.ofSeconds(10);
    /** A node that was found running and says nothing for that long speaks with another registry. */
    private static final Duration SILENT = Duration.ofSeconds(15);

    private final FleetPlan plan;
    private final Consumer<List<String>> out;
    private final Ink ink;
    private final long begin = System.nanoTime();
    private final BlockingQueue<Happening> mailbox = new LinkedBlockingQueue<>();
    private final Map<InstanceId, NodeKeeper> keepers = new LinkedHashMap<>();
    private boolean shown;

    /**
     * @param out gets lines as soon as there is something to say
     */
    public EmbeddedFleet(FleetPlan plan, Consumer<List<String>> out, Ink ink) {
        this.plan = plan;
        this.out = out;
        this.ink = ink;
    }

    /**
     * Runs the fleet. The second signal during the stop leaves what has not stopped yet.
     *
     * @return {@link Exit#OK} if everything that was started is stopped, else {@link Exit#NO}
     * @throws CannotGoOn if another one runs in this home, or a port is taken
     */
    public int run() throws IOException, TimeoutException, InterruptedException {
        FleetLock lock = FleetLock.take(plan.home()).orElseThrow(this::alreadyUp);
        try (lock) {
            for (String signal : List.of("INT", "TERM", "HUP")) {
                Signals.on(signal, () -> mailbox.add(new Happening.Signalled(signal)));
            }
            FleetPlan asked = plan.on(LastPorts.asBefore(plan));
            ControlPlane control = ControlPlane.start(asked, beat -> mailbox.add(new Happening.Spoke(beat)));
            try {
                FleetFile file = file(control.ports());
                file.write(plan.home());
                tell(
                        "",
                        "control plane listens: registry %d, allocator %d, health %d"
                                .formatted(
                                        control.ports().registry(),
                                        control.ports().allocator(),
                                        control.ports().health()));
                startNodes(file.registry());
                boolean told = runUntilTold(file);
                boolean all = stopNodes();
                return told && all ? Exit.OK : Exit.NO;
            } finally {
                control.close();
                FleetFile.remove(plan.home());
            }
        }
    }

    // ---------------------------------------------------------------- start

    private CannotGoOn alreadyUp() {
        String who = FleetFile.read(plan.home())
                .map(fleet -> "It is pid %d, since %s; registry %s, allocator %s, health %s."
                        .formatted(fleet.pid(), fleet.startedAt(), fleet.registry(), fleet.allocator(), fleet.health()))
                .orElse("It has only just begun.");
        return new CannotGoOn(
                Exit.NO,
                "a fleet runs in " + plan.home() + " already. " + who,
                "See it with ./gatefleet status; for another one choose another --home, other ports and another --pool.");
    }

    private FleetFile file(FleetPlan.Ports ports) {
        return new FleetFile(
                ProcessHandle.current().pid(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                Version.current(),
                plan.host(),
                ControlPlane.url(ports.registry()),
                ControlPlane.url(ports.allocator()),
                ControlPlane.url(ports.health()),
                plan.instances());
    }

    private void startNodes(String registry) throws IOException, InterruptedException {
        noteOthers();
        NodeLauncher launcher = new NodeLauncher(plan, registry);
        for (InstanceId instance : plan.instances()) {
            NodeKeeper keeper =
                    new NodeKeeper(instance, InstanceHome.of(plan.home(), instance), launcher::start, mailbox::add);
            keepers.put(instance, keeper);
            boolean first = keepers.size() == 1 && keeper.isNew();
            start(keeper);
            if (first) {
                waitForPlace(keeper);
            }
        }
    }

    /** Whoever is named first gets the first place, where its clients look for it: 18789 in the default pool. */
    private void waitForPlace(NodeKeeper keeper) throws InterruptedException {
        long deadline = System.nanoTime() + FIRST_PLACE.toNanos();
        List<Happening> others = new ArrayList<>();
        while (keeper.word() == null && System.nanoTime() < deadline) {
            Happening happening = mailbox.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
            if (happening instanceof Happening.Spoke spoke) {
                hear(spoke);
            } else if (happening != null) {
                others.add(happening);
                break;
            }
        }
        mailbox.addAll(others);
    }

    /** Nodes of this home that nobody asked for now: an earlier `up` ran them, and was killed. */
    private void noteOthers() throws IOException {
        for (InstanceId other : InstanceHomes.in(plan.home())) {
            if (!plan.instances().contains(other)) {
                NodeKeeper.runningNode(InstanceHome.of(plan.home(), other))
                        .ifPresent(node -> tell(
                                other.value(),
                                ("runs too (node pid %d), left by an earlier `up`. It was not asked for, and stays when this"
                                                + " ends; to stop it: kill %d")
                                        .formatted(node.pid(), node.pid())));
            }
        }
    }

    /** One that cannot be started now is tried again later: the others must not suffer for it. */
    private void start(NodeKeeper keeper) {
        try {
            switch (keeper.start(System.nanoTime())) {
                case STARTED -> tell(keeper, "node starts (pid %d)".formatted(keeper.pid()));
                case FOUND ->
                    tell(keeper, "its node runs already (pid %d), left by an earlier `up`".formatted(keeper.pid()));
                case LATER -> {}
            }
        } catch (IOException cause) {
            Duration pause = keeper.failed(System.nanoTime());
            tell(
                    keeper,
                    "node cannot be started: %s; it is tried again in %s"
                            .formatted(cause.getMessage(), Wording.time(pause.toMillis())));
        }
    }

    // ---------------------------------------------------------------- run

    /** Until somebody wants this process to end: true; or until no node is left that could be started again: false. */
    private boolean runUntilTold(FleetFile file) throws InterruptedException {
        while (true) {
            Happening happening = mailbox.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
            if (happening instanceof Happening.Signalled) {
                return true;
            } else if (happening instanceof Happening.Spoke spoke) {
                hear(spoke);
            } else if (happening instanceof Happening.NodeEnded ended) {
                restart(ended);
            }
            for (NodeKeeper keeper : keepers.values()) {
                keeper.watch();
                if (keeper.isDue(System.nanoTime())) {
                    start(keeper);
                }
                wonder(keeper);
            }
            showOnce(file);
            if (keepers.values().stream().allMatch(NodeKeeper::gaveUp)) {
                tell("", "no node is left that could be started again: stopping");
                return false;
            }
        }
    }

    private void hear(Happening.Spoke spoke) {
        NodeKeeper keeper = keepers.get(spoke.beat().instance().instance());
        if (keeper == null || !spoke.beat().instance().host().equals(plan.host())) {
            return;
        }
        Heartbeat before = keeper.word();
        keeper.heard(spoke.beat().heartbeat());
        Story.between(before, spoke.beat().heartbeat()).forEach(line -> tell(keeper, line));
    }

    private void restart(Happening.NodeEnded ended) {
        NodeKeeper keeper = keepers.get(ended.instance());
        if (keeper == null || keeper.pid() != ended.pid()) {
            return;
        }
        Duration pause = keeper.ended(ended.exitCode(), System.nanoTime());
        String how = ended.exitCode().isPresent() ? meaning(ended.exitCode().getAsInt()) : "ended";
        String log = "; its log: " + LogFile.ofNode(plan.home(), keeper.instance());
        if (pause == null) {
            tell(keeper, "node " + how + ", and is not started again" + log);
        } else if (!pause.isZero()) {
            tell(
                    keeper,
                    "node " + how + "; it is started again in " + Wording.time(pause.toMillis())
                            + ". Its gateway, if it had one, runs on" + log);
        }
    }

    private static String meaning(int exitCode) {
        return switch (exitCode) {
            case NodeExit.DRAINED -> "ended in order";
            case NodeExit.USAGE -> "cannot use its options";
            case NodeExit.SUPERSEDED -> "was replaced: a node in another home runs a newer life of this instance";
            case NodeExit.REVOKED -> "gave its lease back, as an operator wanted";
            default -> "ended with code " + exitCode;
        };
    }

    /** A node that was found but speaks with another registry would never be heard. */
    private void wonder(NodeKeeper keeper) {
        long now = System.nanoTime();
        if (keeper.isStrange(now, SILENT)) {
            tell(
                    keeper,
                    ("its node (pid %d) says nothing: it may know another registry. Its gateway is well off; to have the"
                                    + " node here: kill -9 %d, and it is started again while the gateway runs on")
                            .formatted(keeper.pid(), keeper.pid()));
        }
    }

    // ---------------------------------------------------------------- show

    private void showOnce(FleetFile file) {
        if (shown) {
            return;
        }
        boolean settled = keepers.values().stream().allMatch(EmbeddedFleet::isSettled);
        boolean late = System.nanoTime() - begin > PATIENCE.toNanos();
        if (settled || late) {
            shown = true;
            out.accept(UpText.ready(plan, file, rows(), ink));
        }
    }

    /** Ready, or in a state that does not pass by itself. */
    private static boolean isSettled(NodeKeeper keeper) {
        Heartbeat word = keeper.word();
        if (word == null) {
            return keeper.gaveUp();
        }
        return switch (word.gateway().state()) {
            case RUNNING -> Story.ready(word.gateway());
            case EXITED, UNGUARDED -> true;
            case STOPPED -> Story.isMeantToBeStopped(word.gateway());
            case STARTING, DRAINING, BACKOFF -> false;
        };
    }

    private List<UpText.Row> rows() {
        List<UpText.Row> rows = new ArrayList<>();
        keepers.values()
                .forEach(keeper -> rows.add(new UpText.Row(
                        keeper.instance(),
                        plan.slot(keeper.instance()).gateway().flavor(),
                        keeper.word())));
        return rows;
    }

    // ---------------------------------------------------------------- stop

    /** True: every node ended in order, and its gateway before it. */
    private boolean stopNodes() throws InterruptedException {
        tell(
                "",
                "stopping: each node drains its gateway, then the control plane ends. Ctrl-C again leaves them behind");
        long asked = System.nanoTime();
        long reminded = asked;
        boolean inOrder = true;
        for (NodeKeeper keeper : keepers.values()) {
            // One that waits for its next start is started first: its gateway may live on, and only a node can end it.
            if (keeper.dismiss()) {
                start(keeper);
            }
            keeper.tellToEnd(System.nanoTime());
        }
        while (keepers.values().stream().anyMatch(NodeKeeper::runs)) {
            Happening happening = mailbox.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
            long now = System.nanoTime();
            if (happening instanceof Happening.Signalled) {
                leave();
                return false;
            } else if (happening instanceof Happening.Spoke spoke) {
                hear(spoke);
            } else if (happening instanceof Happening.NodeEnded ended) {
                inOrder &= farewell(ended, now - asked);
            }
            for (NodeKeeper keeper : keepers.values()) {
                keeper.watch();
                keeper.tellToEnd(now);
            }
            if (now - reminded >= REMIND.toNanos()) {
                reminded = now;
                remind(now - asked);
            }
        }
        tell("", inOrder ? "all stopped" : "stopped, but not everything in order: see above");
        return inOrder;
    }

    private boolean farewell(Happening.NodeEnded ended, long sinceAsked) {
        NodeKeeper keeper = keepers.get(ended.instance());
        if (keeper == null || keeper.pid() != ended.pid()) {
            return true;
        }
        keeper.ended(ended.exitCode(), System.nanoTime());
        // Of a node that is no child nobody knows the code; it was told to end in order, as all others.
        int code = ended.exitCode().orElse(NodeExit.DRAINED);
        String took = Story.seconds(TimeUnit.NANOSECONDS.toMillis(sinceAsked));
        if (code == NodeExit.DRAINED) {
            tell(keeper, "stopped after " + took);
            return true;
        }
        tell(
                keeper,
                "node " + meaning(code) + " after " + took + "; its gateway may still run. Its log: "
                        + LogFile.ofNode(plan.home(), keeper.instance()));
        return false;
    }

    private void remind(long sinceAsked) {
        for (NodeKeeper keeper : keepers.values()) {
            if (keeper.runs()) {
                Heartbeat word = keeper.word();
                tell(
                        keeper,
                        "still stopping after %s%s"
                                .formatted(
                                        Story.seconds(TimeUnit.NANOSECONDS.toMillis(sinceAsked)),
                                        word == null ? "" : ": gateway " + Story.state(word.gateway())));
            }
        }
    }

    private void leave() {
        List<String> left = new ArrayList<>();
        for (NodeKeeper keeper : keepers.values()) {
            if (keeper.runs()) {
                keeper.tellNow();
                left.add("%s (node pid %d)".formatted(keeper.instance(), keeper.pid()));
            }
        }
        tell(
                "",
                "not waiting any longer. These were told to end and go on by themselves: " + String.join(", ", left)
                        + ". To see whether they did: ps -p PID. The next ./gatefleet up finds what still runs");
    }

    // ---------------------------------------------------------------- tell

    private void tell(NodeKeeper keeper, String what) {
        tell(keeper.instance().value(), what);
    }

    private void tell(String who, String what) {
        String when = Story.seconds(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
        out.accept(List.of("%8s  %s%s".formatted(when, who.isEmpty() ? "" : who + ": ", what)));
    }
}
