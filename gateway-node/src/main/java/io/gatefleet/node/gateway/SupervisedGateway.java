package io.gatefleet.node.gateway;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayReport.Finding;
import io.gatefleet.contract.instance.GatewayReport.Probe;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.node.port.Kernel;
import io.gatefleet.node.port.LeaseAudit;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one gateway going. Everything that changes runs on one worker thread, one thing after the other: what is asked
 * from outside, a look every 250 ms, and an end at once. Only the waiting for a probe's answers happens elsewhere.
 */
final class SupervisedGateway implements Gateway {
    private static final Logger log = LoggerFactory.getLogger(SupervisedGateway.class);

    private static final long LOOK_MILLIS = 250;

    /** An exit code above it is this plus a signal's number. */
    private static final int SIGNALLED = 128;

    /** SIGKILL and SIGTERM; the other signals are the gateway's own doing. */
    private static final Set<Integer> FROM_OUTSIDE = Set.of(SIGNALLED + 9, SIGNALLED + 15);

    /** A gateway that drains answers; one that answered nothing for as long as 15 probes may take hangs: 30 s. */
    private static final int MOST_SILENT_PROBES = 15;

    private static final Duration PORTS_CLOSE_SOON = Duration.ofSeconds(2);
    private static final String CRASH_LOOP = "crash-loop";
    private static final String UNENDED = "unended-process";

    /** What the last probe alone says: the next one says it again, or it is over. */
    private static final Set<String> OF_A_PROBE = Set.of(Pulse.WRONG_GATEWAY, Pulse.TOKEN_REFUSED);

    private enum Phase {
        /** Nothing runs, nothing is awaited. */
        IDLE,
        /** The process exists. */
        ALIVE,
        /** It was told to stop. */
        DRAINING,
        /** It ended, and is started again later. */
        PAUSED
    }

    private final Vertx vertx;
    private final GatewayAdapter adapter;
    private final Prober prober;
    private final InstanceHome home;
    private final String instance;
    private final GatewayConfig.Times times;
    private final InstanceProcesses processes;
    private final OutputLog output;
    private final LongSupplier nanoTime;
    private final WorkerExecutor desk;
    private final Members members = new Members();
    private final Bulletin bulletin;
    private final AtomicBoolean lookQueued = new AtomicBoolean();

    // Of the desk alone.
    private final List<Promise<Boolean>> stopping = new ArrayList<>();
    private Phase phase = Phase.IDLE;
    private @Nullable Lease lease;
    private @Nullable GatewayProcess process;
    private int base;
    private RestartPolicy policy;
    private List<Finding> own = List.of();
    private GatewayState state = GatewayState.STOPPED;
    private long since;
    private @Nullable Integer pid;
    private Pulse pulse;
    private int restarts;
    private @Nullable Integer exitCode;
    private @Nullable Long residentBytes;
    private long timer = -1;
    private long livesSince;
    private long outputBegins;
    private long restartAt;
    private long drainUntil;
    private long probeAt;
    private long answeredAt;
    private boolean probing;
    private boolean held;

    SupervisedGateway(
            Vertx vertx,
            GatewayAdapter adapter,
            Prober prober,
            InstanceHome home,
            GatewayConfig.Times times,
            LongSupplier nanoTime) {
        this.vertx = vertx;
        this.adapter = adapter;
        this.prober = prober;
        this.home = home;
        this.instance = String.valueOf(home.root().getFileName());
        this.times = times;
        this.processes = new InstanceProcesses(home);
        this.output = new OutputLog(home.output());
        this.nanoTime = nanoTime;
        this.policy = new RestartPolicy(times);
        this.since = nanoTime.getAsLong();
        this.pulse = new Pulse(adapter.version());
        this.bulletin = new Bulletin(instance, nanoTime, picture());
        // One thread, and its name is the home's: a second object for the same instance waits for the first.
        this.desk = vertx.createSharedWorkerExecutor("gateway " + home.root(), 1, 2, TimeUnit.MINUTES);
    }

    // ------------------------------------------------------------------------------------------ asked from outside

    @Override
    public Future<Void> start(Lease wanted) {
        return onDesk(() -> {
            if (phase == Phase.ALIVE || phase == Phase.DRAINING) {
                throw new IllegalStateException("a gateway runs already, pid " + pid);
            }
            Optional<Standing> lives = findStanding();
            if (lives.isPresent()) {
                throw new IllegalStateException(
                        "a gateway of an earlier life runs, pid " + lives.get().pid() + ": adopt it or stop it");
            }
            lease = wanted;
            policy = new RestartPolicy(times);
            restarts = 0;
            exitCode = null;
            pulse = new Pulse(adapter.version());
            own = List.of();
            phase = Phase.IDLE;
            launch(wanted);
            return null;
        });
    }

    @Override
    public Future<Boolean> stop() {
        return stop(times.drain());
    }

    @Override
    public Future<Boolean> stop(Duration most) {
        Context caller = vertx.getOrCreateContext();
        Promise<Boolean> done = Promise.promise();
        Promise<Boolean> here = Promise.promise();
        done.future().onComplete(result -> caller.runOnContext(later -> here.handle(result)));
        onDesk(() -> {
                    stopping.add(done);
                    switch (phase) {
                        case ALIVE -> drain(most);
                        case DRAINING -> hurry(most);
                        case IDLE, PAUSED -> {
                            Optional<Standing> lives = findStanding();
                            if (lives.isPresent()) {
                                watch(lives.get());
                                drain(most);
                            } else {
                                stopped();
                            }
                        }
                    }
                    return null;
                })
                .onFailure(done::tryFail);
        return here.future();
    }

    @Override
    public Future<Optional<Standing>> standing() {
        return onDesk(this::findStanding);
    }

    @Override
    public Future<Void> adopt(Standing standing, Lease wanted) {
        return onDesk(() -> {
            if (phase == Phase.ALIVE || phase == Phase.DRAINING) {
                throw new IllegalStateException("a gateway runs already, pid " + pid);
            }
            if (standing.base() != wanted.base() || !standing.footprint().equals(wanted.footprint())) {
                throw new IllegalStateException("the gateway stands on %s, not on the lease's %s"
                        .formatted(standing.footprint().at(standing.base()), wanted.ports()));
            }
            if (!new ProcessId(standing.pid(), standing.startTime()).lives()) {
                throw new IllegalStateException("the gateway does not live any more, pid " + standing.pid());
            }
            lease = wanted;
            policy = new RestartPolicy(times);
            GatewayRecord.before(wanted)
                    .with(new ProcessId(standing.pid(), standing.startTime()))
                    .write(home.gatewayFile());
            watch(standing);
            enter(GatewayState.STARTING);
            return null;
        });
    }

    @Override
    public Future<Void> hold(boolean on) {
        return onDesk(() -> {
            held = on;
            if (on && phase == Phase.PAUSED) {
                phase = Phase.IDLE;
                own = List.of(held("it ended"));
                enter(GatewayState.EXITED);
            }
            return null;
        });
    }

    private static Finding held(String how) {
        return new Finding(
                "gateway-exited",
                "%s. It is not started again while the instance is cordoned: uncordon it.".formatted(how));
    }

    /** Not on the desk: somebody wants to know why that is busy. */
    @Override
    public Future<List<String>> tail(int lines) {
        return vertx.executeBlocking(() -> output.end(lines, adapter.secrets()), false);
    }

    @Override
    public Set<Integer> pids() {
        return members.pids();
    }

    @Override
    public GatewayReport report() {
        return bulletin.report();
    }

    @Override
    public void onChange(Runnable listener) {
        bulletin.onChange(listener);
    }

    @Override
    public void findings(List<Finding> now) {
        bulletin.findings(now);
    }

    // ------------------------------------------------------------------------------------------ a life

    /** Settles, configures, starts. On the desk. */
    private void launch(Lease wanted) throws IOException {
        List<Finding> orphans = settle(null);
        ProcessSpec spec = adapter.prepare(wanted);
        output.create();
        output.rotate();
        outputBegins = output.size();
        GatewayRecord record = GatewayRecord.before(wanted);
        record.write(home.gatewayFile());
        GatewayProcess started = GatewayProcess.start(spec, home.output());
        record.with(started.id()).write(home.gatewayFile());
        log.info("{} gateway started, pid {}, base {}", instance, started.id().pid(), wanted.base());
        if (!orphans.isEmpty()) {
            own = orphans;
        }
        begin(started, wanted.base());
        started.onExit(this::look);
        enter(GatewayState.STARTING);
    }

    private void watch(Standing standing) throws IOException {
        outputBegins = output.size();
        begin(GatewayProcess.adopted(new ProcessId(standing.pid(), standing.startTime())), standing.base());
    }

    private void begin(GatewayProcess begun, int where) {
        process = begun;
        base = where;
        phase = Phase.ALIVE;
        members.begin(begun.id());
        livesSince = nanoTime.getAsLong();
        answeredAt = livesSince;
        probeAt = livesSince;
        pid = begun.id().pid();
        pulse = new Pulse(adapter.version());
        residentBytes = null;
        if (timer < 0) {
            timer = vertx.setPeriodic(LOOK_MILLIS, tick -> look());
        }
    }

    /** Looks at once; looks that wait for the desk are one. From any thread. */
    private void look() {
        if (lookQueued.compareAndSet(false, true)) {
            onDesk(() -> {
                        lookQueued.set(false);
                        looked();
                        return null;
                    })
                    .onFailure(failure -> log.error("{} looking after the gateway failed", instance, failure));
        }
    }

    private void looked() throws IOException {
        GatewayProcess present = process;
        long now = nanoTime.getAsLong();
        switch (phase) {
            case ALIVE -> {
                if (present != null && !present.lives()) {
                    ended(present);
                } else {
                    probeIfDue(now);
                }
            }
            case DRAINING -> {
                boolean silent = now - answeredAt >= times.probeTimeout().toNanos() * MOST_SILENT_PROBES;
                if (present == null || !present.lives()) {
                    stopped();
                } else if (now - drainUntil >= 0 || silent) {
                    log.warn(
                            "{} gateway, pid {}, {} and is killed",
                            instance,
                            present.id().pid(),
                            silent ? "answers nothing while it drains" : "did not end within its drain budget");
                    stopped();
                } else {
                    probeIfDue(now);
                }
            }
            case PAUSED -> {
                Lease wanted = lease;
                if (wanted != null && now - restartAt >= 0) {
                    restart(wanted);
                }
            }
            case IDLE -> rest();
        }
    }

    /** Looks no more. */
    private void rest() {
        vertx.cancelTimer(timer);
        timer = -1;
    }

    private void restart(Lease wanted) {
        restarts++;
        try {
            launch(wanted);
        } catch (BadInput refused) {
            phase = Phase.IDLE;
            own = List.of(new Finding("config-refused", String.valueOf(refused.getMessage())));
            enter(GatewayState.EXITED);
        } catch (IOException trouble) {
            log.warn("{} the gateway cannot be started now", instance, trouble);
            pause(policy.ended(OptionalInt.empty(), millis(), 0), "cannot be started: " + trouble.getMessage());
        }
    }

    /** What was known of the process that is gone. */
    private void forget() {
        process = null;
        pid = null;
        pulse = new Pulse(pulse.version());
        residentBytes = null;
    }

    /** It ended, and nobody asked it to. */
    private void ended(GatewayProcess gone) throws IOException {
        OptionalInt code = gone.exitCode();
        long livedMillis = TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - livesSince);
        RestartPolicy.Verdict verdict = policy.ended(code, millis(), livedMillis);
        // Whoever is killed has said nothing about it; what it printed before would mislead.
        boolean killed = code.isPresent() && FROM_OUTSIDE.contains(code.getAsInt());
        boolean failed = code.isPresent() && code.getAsInt() > 0 && code.getAsInt() < SIGNALLED;
        String reason = killed ? "" : output.reason(outputBegins, adapter.secret(), failed);
        String how = code.isPresent() ? told(code.getAsInt()) : "unknown exit code: it was adopted";
        log.warn("{} gateway ended, pid {}, {}: {}", instance, gone.id().pid(), how, reason);
        forget();
        exitCode = code.isPresent() ? Integer.valueOf(code.getAsInt()) : null;
        if (verdict.again() && held) {
            phase = Phase.IDLE;
            own = List.of(held("it ended unasked (%s)".formatted(how + (reason.isEmpty() ? "" : ": " + reason))));
            enter(GatewayState.EXITED);
        } else if (verdict.again()) {
            pause(verdict, how + (reason.isEmpty() ? "" : ": " + reason));
        } else {
            phase = Phase.IDLE;
            own = List.of(new Finding(
                    "gateway-exited",
                    "exit code %d: %s. It is not started again: mend what it names, then restart the instance."
                            .formatted(RestartPolicy.NEVER_AGAIN, reason)));
            enter(GatewayState.EXITED);
        }
        // Told first, settled then: somebody waits for the news. The next start settles again.
        List<Finding> orphans = settle(gone.id());
        members.hide();
        if (!orphans.isEmpty()) {
            List<Finding> more = new ArrayList<>(own);
            more.addAll(orphans);
            own = more;
            tell();
        }
    }

    private static String told(int code) {
        return code > SIGNALLED ? "killed by signal " + (code - SIGNALLED) : "exit code " + code;
    }

    private void pause(RestartPolicy.Verdict verdict, String how) {
        phase = Phase.PAUSED;
        restartAt = nanoTime.getAsLong() + verdict.pause().toNanos();
        String next = "started again in " + seconds(verdict.pause());
        own = verdict.crashLoop()
                ? List.of(new Finding(
                        CRASH_LOOP,
                        "it ended again (%s); %s, so that its own crash counter does not switch its channels off."
                                .formatted(how, next)))
                : List.of(new Finding("gateway-exited", "it ended unasked (%s); %s.".formatted(how, next)));
        enter(GatewayState.BACKOFF);
    }

    private static String seconds(Duration pause) {
        return pause.toMillis() < 10_000 ? pause.toMillis() + " ms" : pause.toSeconds() + " s";
    }

    /** Tells it to stop. What it does with its time is its own business; that it answers is not. */
    private void drain(Duration most) {
        GatewayProcess present = Objects.requireNonNull(process);
        members.refresh(present.id());
        phase = Phase.DRAINING;
        drainUntil = nanoTime.getAsLong() + budget(most);
        answeredAt = nanoTime.getAsLong();
        enter(GatewayState.DRAINING);
        present.terminate();
    }

    private void hurry(Duration most) {
        long until = nanoTime.getAsLong() + budget(most);
        if (until - drainUntil < 0) {
            drainUntil = until;
        }
    }

    private long budget(Duration most) {
        return Math.min(most.toNanos(), times.drain().toNanos());
    }

    /** The gateway is gone, or out of time: ends the rest, and proves it. */
    private void stopped() throws IOException {
        GatewayProcess gone = process;
        boolean closed = false;
        List<Finding> left = List.of();
        try {
            if (gone != null && gone.lives()) {
                members.refresh(gone.id());
                gone.kill();
            }
            left = settle(gone == null ? null : gone.id());
            closed = left.stream().noneMatch(finding -> finding.code().equals(UNENDED)) && portsClosed();
        } finally {
            Integer code = gone == null || gone.exitCode().isEmpty()
                    ? null
                    : Integer.valueOf(gone.exitCode().getAsInt());
            phase = Phase.IDLE;
            rest();
            members.forget();
            own = left.stream()
                    .filter(finding -> finding.code().equals(UNENDED))
                    .toList();
            forget();
            exitCode = code;
            enter(GatewayState.STOPPED);
            boolean result = closed;
            List<Promise<Boolean>> waiting = List.copyOf(stopping);
            stopping.clear();
            waiting.forEach(promise -> promise.tryComplete(result));
        }
    }

    /**
     * Ends whatever is left of this life or of earlier ones, and says what that was.
     *
     * @param gateway whose session is looked through; null: nobody's
     */
    private List<Finding> settle(@Nullable ProcessId gateway) throws IOException {
        InstanceProcesses.Ended ended = processes.end(gateway, members.seen(), times.reap());
        List<Finding> findings = new ArrayList<>();
        if (ended.browser() != null && phase != Phase.DRAINING) {
            findings.add(new Finding(
                    "orphaned-browser",
                    "a browser outlived its gateway (pid %d); it was ended, so that its port is free."
                            .formatted(ended.browser().pid())));
        }
        for (ProcessId process : ended.left()) {
            findings.add(new Finding(
                    UNENDED,
                    "process %d of the instance cannot be ended; it may hold ports of the lease."
                            .formatted(process.pid())));
        }
        return findings.stream().limit(4).toList();
    }

    /** By the kernel's tables: nobody listens on any port of the lease. The node's own management port is no gateway's. */
    private boolean portsClosed() throws IOException {
        PortSet ports = lease != null
                ? lease.ports()
                : GatewayRecord.read(home.gatewayFile())
                        .map(record -> record.footprint().at(record.base()))
                        .orElse(PortSet.EMPTY);
        long deadline = System.nanoTime() + PORTS_CLOSE_SOON.toNanos();
        do {
            LeaseAudit.Result listening = LeaseAudit.of(ports, Set.of(), PortSet.EMPTY);
            if (listening.strangers().isEmpty()) {
                return true;
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
                return false;
            }
        } while (System.nanoTime() - deadline < 0);
        return false;
    }

    private Optional<Standing> findStanding() throws IOException {
        Optional<GatewayRecord> record = GatewayRecord.read(home.gatewayFile());
        if (record.isEmpty() || !record.get().ofThisBoot()) {
            return Optional.empty();
        }
        GatewayRecord known = record.get();
        if (known.pid() != 0) {
            ProcessId id = new ProcessId(known.pid(), known.startTime());
            return id.lives() ? Optional.of(known.standing(id)) : Optional.empty();
        }
        // The node died between its decision and the process' pid: the gateway is the one that leads a session.
        for (ProcessId traced : processes.traced()) {
            if (!processes.isBrowser(traced) && Kernel.session(traced.pid()).contains(traced.pid())) {
                return Optional.of(known.standing(traced));
            }
        }
        return Optional.empty();
    }

    // ------------------------------------------------------------------------------------------ the probe

    private void probeIfDue(long now) {
        GatewayProcess asked = process;
        if (probing || asked == null || now - probeAt < 0) {
            return;
        }
        probing = true;
        prober.ask(base, pulse.wantsIdentity())
                .compose(answer -> onDesk(() -> {
                    probing = false;
                    if (process == asked) {
                        answered(asked, answer);
                    }
                    return null;
                }))
                .onFailure(failure -> log.error("{} probing failed", instance, failure));
    }

    private void answered(GatewayProcess asked, Answer answer) throws IOException {
        members.refresh(asked.id());
        Optional<Finding> stranger = answer.reached() ? members.strangerOn(base) : Optional.empty();
        Optional<Finding> wrong = Pulse.finding(answer, stranger);
        Probe before = pulse.probe();
        int restartsBefore = pulse.restartsInProcess();
        pulse.take(answer, stranger);
        Probe now = Objects.requireNonNull(pulse.probe());
        boolean works = now.ready() && pulse.badInARow() == 0;
        long pause = (works ? times.probeRunning() : times.probeStarting()).toMillis();
        probeAt = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(pause);
        if (!works) {
            // Not only with the next look: somebody waits for it to be ready.
            vertx.setTimer(pause, over -> look());
        }
        if (pulse.badInARow() == 0) {
            answeredAt = nanoTime.getAsLong();
        }
        if (output.rotate()) {
            outputBegins = 0;
        }
        boolean becomesReady = now.ready() && phase == Phase.ALIVE && state == GatewayState.STARTING;
        List<Finding> findings = new ArrayList<>(wrong.stream().toList());
        if (!becomesReady) {
            // Once it works, how it ended before is history.
            own.stream().filter(finding -> !OF_A_PROBE.contains(finding.code())).forEach(findings::add);
        }
        if (becomesReady && output.says(outputBegins, adapter.breakerLine())) {
            findings.add(new Finding(
                    CRASH_LOOP,
                    "it is ready, but counted 3 crashes in 5 minutes and left its channels off. Start them by hand, or stop "
                            + "and start the instance when 5 minutes are over."));
        }
        boolean begunAnew = pulse.restartsInProcess() > restartsBefore;
        if (begunAnew) {
            log.info("{} gateway began anew inside its process, pid {}, boot {}", instance, pid, pulse.bootId());
        }
        boolean changed = begunAnew
                || before == null
                || before.live() != now.live()
                || before.ready() != now.ready()
                || !own.equals(findings);
        own = findings;
        residentBytes = members.residentBytes();
        if (becomesReady) {
            log.info(
                    "{} gateway ready after {} ms, pid {}",
                    instance,
                    TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - livesSince),
                    pid);
            enter(GatewayState.RUNNING);
        } else if (changed) {
            tell();
        } else {
            bulletin.show(picture());
        }
    }

    // ------------------------------------------------------------------------------------------ telling

    private void enter(GatewayState next) {
        since = state == next ? since : nanoTime.getAsLong();
        state = next;
        tell();
    }

    /** On the desk. */
    private void tell() {
        bulletin.tell(picture());
    }

    private Bulletin.Picture picture() {
        return new Bulletin.Picture(
                state,
                since,
                pid,
                pulse.version(),
                pulse.bootId(),
                restarts,
                exitCode,
                pulse.probe(),
                own,
                residentBytes,
                pulse.bootId() == null ? null : Integer.valueOf(pulse.restartsInProcess()));
    }

    private long millis() {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
    }

    private <T extends @Nullable Object> Future<T> onDesk(Callable<T> work) {
        return desk.executeBlocking(work, true);
    }
}
