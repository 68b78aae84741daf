package io.gatefleet.node;

import io.gatefleet.contract.command.Command;
import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.instance.DesiredState;
import io.gatefleet.contract.instance.GatewayReport;
import io.gatefleet.contract.instance.GatewayReport.Finding;
import io.gatefleet.contract.instance.GatewayState;
import io.gatefleet.contract.instance.Heartbeat;
import io.gatefleet.contract.instance.RegisterInstance;
import io.gatefleet.contract.lease.BusyPort;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.LeaseState;
import io.gatefleet.contract.port.PortLayout;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.history.Event.Guard;
import io.gatefleet.node.command.KeptOrders;
import io.gatefleet.node.command.OrderDesk;
import io.gatefleet.node.command.Site;
import io.gatefleet.node.gateway.Gateway;
import io.gatefleet.node.gateway.InstanceHome;
import io.gatefleet.node.lease.Action;
import io.gatefleet.node.lease.Event;
import io.gatefleet.node.lease.LeaseKeeper;
import io.gatefleet.node.port.Guarding;
import io.gatefleet.node.port.Kernel;
import io.gatefleet.node.port.LeaseAudit;
import io.gatefleet.node.port.NeighbourCheck;
import io.gatefleet.node.port.PortGuard;
import io.gatefleet.node.port.PortProbe;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what the {@link LeaseKeeper} decides and tells it what came of it: the only place where lease, guard, gateway and
 * registry meet. Lives on one Vert.x context; everything that blocks runs on a worker, and nothing that the registry does
 * or fails to do keeps the gateway from being looked after.
 */
final class NodeLifecycle implements Site {
    private static final Logger log = LoggerFactory.getLogger(NodeLifecycle.class);
    private static final int GOODBYES = 3;

    private final Vertx vertx;
    private final Context context;
    private final NodeConfig config;
    private final String version;
    private final InstanceHome home;
    private final PortLayout layout;
    private final Gateway gateway;
    private final RegistryClient registry;
    private final NodeHttp http;
    private final NodeMeters meters;
    private final GuardJournal journal;
    private final LeaseKeeper keeper;
    private final Consumer<Action.Quit> onQuit;
    private final OrderDesk orders;
    private final CommandRequest commands;

    private volatile NodeStatus status = NodeStatus.begun();
    private NodeTruth truth;
    private final String joinKey;

    /** The last write of it; an earlier one is done before, because they run in order. */
    private Future<NodeTruth> written;

    private Gateway.@Nullable Standing standing;
    private @Nullable PortGuard guard;

    /** Ports whose listeners an operator knows to be no gateways, as the registry said last. */
    private PortSet known = PortSet.EMPTY;

    private List<Finding> audited = List.of();
    private List<Finding> auditedBefore = List.of();
    private @Nullable Finding startTrouble;
    private List<Finding> shown = List.of();
    private LeaseKeeper.Phase logged = LeaseKeeper.Phase.SEEKING;
    private String troubled = "";
    private long sequence;
    private long timer = -1;
    private long auditTimer = -1;
    private long residentBytes;
    private boolean auditing;
    private boolean adopting;
    private boolean starting;

    /** Whether a start or an adoption was begun, or will not be. */
    private boolean tried;

    private boolean ended;

    NodeLifecycle(
            Vertx vertx,
            NodeConfig config,
            String version,
            InstanceHome home,
            NodeTruth truth,
            KeptOrders kept,
            String joinKey,
            PortLayout layout,
            Gateway gateway,
            RegistryClient registry,
            RegistryClient line,
            NodeHttp http,
            NodeMeters meters,
            GuardJournal journal,
            Consumer<Action.Quit> onQuit) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.config = config;
        this.version = version;
        this.home = home;
        this.truth = truth;
        this.joinKey = joinKey;
        this.written = Future.succeededFuture(truth);
        this.layout = layout;
        this.gateway = gateway;
        this.registry = registry;
        this.http = http;
        this.meters = meters;
        this.journal = journal;
        this.onQuit = onQuit;
        this.keeper = new LeaseKeeper(
                config.key(),
                truth.incarnation(),
                layout.footprint(),
                layout.name(),
                config.retry(),
                () -> ThreadLocalRandom.current().nextDouble());
        this.commands = new CommandRequest(
                vertx, config.key(), truth.incarnation(), line, registry, command -> takeOrder(command));
        this.orders = new OrderDesk(vertx, config.key(), home, kept, gateway, this, commands::say);
    }

    private void takeOrder(Command command) {
        if (!ended) {
            orders.take(command);
        }
    }

    /** How the node is; from any thread. */
    NodeStatus status() {
        return status;
    }

    /** Begins; call it once, on the lifecycle's context. */
    void begin(Optional<Gateway.Standing> found) {
        standing = found.orElse(null);
        gateway.onChange(() -> context.runOnContext(changed -> feed(new Event.GatewayChanged(gatewayAlive()))));
        long every = config.times().audit().toMillis();
        auditTimer = vertx.setPeriodic(0, every, tick -> audit());
        Lease stands = found.map(this::leaseOf).orElse(null);
        if (stands == null) {
            orders.nothingStands();
        } else {
            log.info(
                    "{} finds its gateway alive: pid {} on {}",
                    config.key(),
                    found.get().pid(),
                    stands.ports());
        }
        feed(new Event.Started(stands, truth.lease()));
    }

    /** Drains and ends, from any thread. */
    void leave() {
        context.runOnContext(now -> {
            if (!ended) {
                log.info("{} leaves", config.key());
                tried = true;
                orders.close();
                feed(new Event.StopRequested());
            }
        });
    }

    private Lease leaseOf(Gateway.Standing found) {
        return new Lease(
                config.key(),
                truth.incarnation(),
                found.base(),
                found.footprint(),
                found.layout(),
                found.fence(),
                LeaseState.OFFERED);
    }

    private void feed(Event event) {
        if (ended) {
            return;
        }
        List<Action> actions = keeper.on(event);
        show(event);
        actions.forEach(this::perform);
    }

    private void perform(Action action) {
        if (action instanceof Action.Register register) {
            register(register);
        } else if (action instanceof Action.Take take) {
            take(take);
        } else if (action instanceof Action.Run run) {
            runIfWanted(run.lease());
        } else if (action instanceof Action.Adopt adopt) {
            adopt(adopt.lease());
        } else if (action instanceof Action.Beat beat) {
            beat(beat);
        } else if (action instanceof Action.Remember remember) {
            write(truth.with(remember.lease(), layout));
        } else if (action instanceof Action.StopGateway stop) {
            stopGateway(stop.why());
        } else if (action instanceof Action.LetGo) {
            letGo();
        } else if (action instanceof Action.Deregister goodbye) {
            write(truth.with(NodeTruth.Desired.STOPPED));
            deregister(goodbye.portsClosed(), GOODBYES);
        } else if (action instanceof Action.Wait pause) {
            vertx.cancelTimer(timer);
            timer = vertx.setTimer(pause.millis(), over -> feed(new Event.Woke()));
        } else if (action instanceof Action.Quit quit) {
            quit(quit);
        }
    }

    private void register(Action.Register asked) {
        Set<Integer> own = ownPids();
        vertx.executeBlocking(() -> Kernel.facts(own), false)
                .compose(facts -> registry.register(new RegisterInstance(
                        truth.incarnation(),
                        config.gateway().flavor(),
                        version,
                        asked.layout(),
                        asked.footprint(),
                        facts,
                        asked.claim(),
                        asked.rejected(),
                        config.address(),
                        ProcessHandle.current().pid(),
                        config.labels(),
                        joinKey)))
                .map(reply -> {
                    if (reply instanceof RegistryClient.Reply.Yes<io.gatefleet.contract.instance.Registration> yes) {
                        known = yes.value().known();
                        commands.wake();
                        return new Event.Registered(
                                yes.value().lease(), yes.value().pace());
                    }
                    if (reply instanceof RegistryClient.Reply.Refused<?> refused) {
                        return new Event.RegisterRefused(refused.no());
                    }
                    return new Event.RegisterSilent(why(reply));
                })
                .otherwise(failure -> new Event.RegisterSilent("the host's facts cannot be read: " + failure))
                .onSuccess(this::feed);
    }

    private static String why(RegistryClient.Reply<?> reply) {
        return reply instanceof RegistryClient.Reply.Silent<?> silent ? silent.why() : "no answer";
    }

    private void take(Action.Take asked) {
        Set<Integer> own = ownPids();
        PortSet known = this.known;
        long began = System.nanoTime();
        vertx.executeBlocking(() -> tryRange(asked.lease().ports(), asked.occupied(), own, known), false)
                .otherwise(failure -> new Guarding.Unavailable(String.valueOf(failure.getMessage())))
                .onSuccess(guarding -> {
                    if (guarding instanceof Guarding.Held held) {
                        guard = held.guard();
                        write(Guard.Word.TAKEN, held.guard());
                        log.info(
                                "{} guards {} after {} ms",
                                config.key(),
                                asked.lease().ports(),
                                (System.nanoTime() - began) / 1_000_000);
                        feed(new Event.RangeHeld());
                        write(Guard.Word.HELD, held.guard()); // Now with the fence.
                    } else if (guarding instanceof Guarding.Busy busy) {
                        meters.rangeBusy();
                        feed(new Event.RangeBusy(busy.ports()));
                    } else if (guarding instanceof Guarding.Unavailable unavailable) {
                        feed(new Event.RangeUnavailable(unavailable.why()));
                    }
                });
    }

    /** Guard, probe, neighbour check, in this order: what is found free under the guard stays free of other nodes. */
    private static Guarding tryRange(PortSet ports, boolean occupied, Set<Integer> own, PortSet known) {
        Guarding guarding = PortGuard.take(ports);
        if (occupied || !(guarding instanceof Guarding.Held held)) {
            return guarding;
        }
        boolean kept = false;
        try {
            List<BusyPort> busy = PortProbe.busy(ports, PortSet.EMPTY);
            if (busy.isEmpty()) {
                busy = NeighbourCheck.foreign(ports, Kernel.facts(own), known);
            }
            kept = busy.isEmpty();
            return kept ? held : new Guarding.Busy(busy);
        } catch (UncheckedIOException trouble) {
            return new Guarding.Unavailable(String.valueOf(trouble.getMessage()));
        } finally {
            if (!kept) {
                held.guard().close();
            }
        }
    }

    /** In a range that has just become the node's. */
    private void runIfWanted(Lease lease) {
        if (orders.mayStart()) {
            run(lease).onComplete(begun -> orders.resume());
            return;
        }
        DesiredState desired = orders.desired();
        log.info(
                "{} keeps {} and starts no gateway: {}",
                config.key(),
                lease.ports(),
                desired.run() == DesiredState.Run.RUNNING ? "cordoned" : desired.run());
        tried = true;
        http.open(layout, lease);
        // After what is done with this action: nothing runs, and nothing is about to.
        context.runOnContext(later -> {
            feed(new Event.GatewayChanged(gatewayAlive()));
            orders.resume();
        });
    }

    @Override
    public Future<Void> run(Lease lease) {
        starting = true;
        tried = true;
        http.open(layout, lease);
        log.info("{} starts its gateway on {} (fence {})", config.key(), lease.ports(), lease.fence());
        return gateway.start(lease)
                .onSuccess(started -> {
                    starting = false;
                    startTrouble = null;
                    refreshFindings();
                })
                .onFailure(failure -> couldNotStart(lease, failure));
    }

    @Override
    public Optional<Lease> place() {
        return keeper.phase() == LeaseKeeper.Phase.KEEPING ? keeper.stand() : Optional.empty();
    }

    @Override
    public String whyNoPlace() {
        return switch (keeper.phase()) {
            case CLEARING, GONE -> "the node ends or moves";
            case UNGUARDED -> "somebody else holds the guard of its range";
            default ->
                keeper.trouble().map(trouble -> "it has no range: " + trouble).orElse("it has no range yet");
        };
    }

    @Override
    public void changed() {
        feed(new Event.GatewayChanged(gatewayAlive()));
    }

    private void couldNotStart(Lease lease, Throwable failure) {
        starting = false;
        log.error("{} cannot start its gateway: {}", config.key(), failure.getMessage());
        startTrouble = new Finding("start-failed", "the gateway cannot be started: " + failure.getMessage());
        refreshFindings();
        feed(new Event.GatewayChanged(gatewayAlive()));
        // Also after bad input: a person mends the file that is named, and need not know how to restart a node.
        vertx.setTimer(config.times().restart().toMillis(), again -> {
            boolean wanted = keeper.phase() == LeaseKeeper.Phase.KEEPING
                    && keeper.stand().map(Lease::ports).equals(Optional.of(lease.ports()));
            if (!ended && wanted && orders.mayStart() && !gatewayAlive()) {
                run(keeper.stand().orElse(lease));
            }
        });
    }

    private void adopt(Lease lease) {
        Gateway.Standing found = standing;
        if (found == null) {
            return;
        }
        adopting = true;
        tried = true;
        log.info("{} adopts its gateway, pid {}, on {}", config.key(), found.pid(), lease.ports());
        gateway.adopt(found, lease).onComplete(done -> {
            adopting = false;
            if (done.succeeded()) {
                refreshFindings();
                feed(new Event.GatewayChanged(gatewayAlive()));
                orders.resume();
            } else if (keeper.phase() == LeaseKeeper.Phase.KEEPING) {
                log.warn(
                        "{} starts anew what it could not adopt: {}",
                        config.key(),
                        done.cause().getMessage());
                runIfWanted(lease);
            } else {
                feed(new Event.GatewayChanged(false));
            }
        });
    }

    private void beat(Action.Beat asked) {
        Heartbeat heartbeat = new Heartbeat(
                truth.incarnation(),
                sequence++,
                asked.guard(),
                asked.lease(),
                report(),
                residentBytes == 0 ? null : residentBytes);
        registry.heartbeat(heartbeat).onSuccess(reply -> {
            if (reply instanceof RegistryClient.Reply.Yes<io.gatefleet.contract.instance.HeartbeatReply> yes) {
                feed(new Event.BeatTaken(yes.value().lease(), yes.value().pace()));
                return;
            }
            meters.beatFailed();
            if (reply instanceof RegistryClient.Reply.Refused<?> refused) {
                feed(new Event.BeatRefused(refused.no()));
            } else {
                feed(new Event.BeatSilent(why(reply)));
            }
        });
    }

    private void stopGateway(String why) {
        tried = true;
        PortSet ports = keeper.stand().map(Lease::ports).orElse(PortSet.EMPTY);
        log.info("{} stops its gateway on {}: {}", config.key(), ports, why);
        gateway.stop()
                .otherwise(failure -> {
                    log.error("{} could not stop its gateway in order", config.key(), failure);
                    return false;
                })
                // The node's own port stands inside the lease, and "closed" must hold for it too.
                .compose(closed -> http.close().otherwiseEmpty().map(closed))
                .compose(closed -> vertx.executeBlocking(
                        () -> closed && PortProbe.busy(ports, PortSet.EMPTY).isEmpty(), false))
                .otherwise(false)
                .onSuccess(closed -> {
                    log.info("{} stopped its gateway; ports closed: {}", config.key(), closed);
                    standing = null;
                    feed(new Event.GatewayStopped(closed));
                });
    }

    private void letGo() {
        PortGuard held = guard;
        guard = null;
        if (held != null) {
            write(Guard.Word.LET_GO, held);
            held.close();
            log.info("{} lets go the guard of {}", config.key(), held.ports());
        }
        http.close();
    }

    private void write(Guard.Word word, PortGuard held) {
        Long fence = keeper.registered() ? keeper.stand().map(Lease::fence).orElse(null) : null;
        journal.write(word, held.ports(), fence);
    }

    private void deregister(boolean portsClosed, int tries) {
        long pause = Math.max(1, config.times().goodbye().toMillis() / GOODBYES);
        registry.deregister(truth.incarnation(), portsClosed).onSuccess(reply -> {
            if (reply instanceof RegistryClient.Reply.Silent<?> silent && tries > 1) {
                log.info("{} says goodbye again: {}", config.key(), silent.why());
                vertx.setTimer(pause, again -> deregister(portsClosed, tries - 1));
                return;
            }
            if (!(reply instanceof RegistryClient.Reply.Yes<?>)) {
                log.warn("{} ends without a goodbye; its lease lapses by itself: {}", config.key(), reply);
            }
            feed(new Event.Deregistered());
        });
    }

    private void quit(Action.Quit quit) {
        ended = true;
        vertx.cancelTimer(timer);
        vertx.cancelTimer(auditTimer);
        log.info("{} ends: {}", config.key(), quit.why());
        orders.close()
                .eventually(commands::close)
                .eventually(() -> written)
                .eventually(() -> vertx.executeBlocking(() -> {
                    journal.close();
                    return true;
                }))
                .onComplete(done -> onQuit.accept(quit));
    }

    private void write(NodeTruth next) {
        truth = next;
        written = vertx.executeBlocking(() -> {
                    next.write(home);
                    return next;
                })
                .onFailure(failure -> log.error(
                        "{} could not write {}, so its next start may not know its lease",
                        config.key(),
                        home.nodeFile(),
                        failure));
    }

    /** Both ways: who listens inside the lease that may not, and where the gateway listens that it may not. */
    private void audit() {
        Lease lease = keeper.stand().orElse(null);
        PortGuard held = guard;
        if (held != null) {
            write(Guard.Word.HELD, held);
        }
        if (auditing) {
            return;
        }
        auditing = true;
        if (lease != null && keeper.phase() == LeaseKeeper.Phase.KEEPING) {
            http.open(layout, lease);
        }
        Set<Integer> pids = gatewayPids();
        PortSet own = lease == null ? PortSet.EMPTY : http.ports();
        vertx.executeBlocking(
                        () -> {
                            long bytes = residentBytes();
                            List<Finding> found = lease == null
                                    ? List.<Finding>of()
                                    : findings(lease, LeaseAudit.of(lease.ports(), pids, own));
                            return new Audited(bytes, found);
                        },
                        false)
                .onComplete(done -> {
                    auditing = false;
                    if (done.succeeded()) {
                        residentBytes = done.result().residentBytes();
                        // Seen twice: a process that has just begun or ended may be in
                        // one picture and not in the other.
                        List<Finding> found = done.result().findings();
                        audited = found.stream().filter(auditedBefore::contains).toList();
                        auditedBefore = found;
                        refreshFindings();
                    } else {
                        log.warn("{} cannot audit its lease now: {}", config.key(), String.valueOf(done.cause()));
                    }
                });
    }

    private record Audited(long residentBytes, List<Finding> findings) {}

    private List<Finding> findings(Lease lease, LeaseAudit.Result result) {
        List<Finding> found = new ArrayList<>();
        for (Listener stranger : result.strangers()) {
            found.add(new Finding(
                    "stranger-in-lease",
                    "%s listens on %s:%d inside the lease %s; a gateway attaches to a stranger's browser. Stop it."
                            .formatted(who(stranger), stranger.address(), stranger.port(), lease.ports())));
        }
        for (Listener outside : result.outside()) {
            found.add(new Finding(
                    "port-outside-lease",
                    "the gateway's %s listens on %s:%d outside its lease %s; another gateway may be given that port."
                            .formatted(who(outside), outside.address(), outside.port(), lease.ports())));
        }
        return found;
    }

    private static String who(Listener listener) {
        return "%s (pid %s)"
                .formatted(
                        listener.command() == null ? "an unknown process" : listener.command(),
                        listener.pid() == null ? "unknown" : listener.pid());
    }

    private void refreshFindings() {
        List<Finding> all = new ArrayList<>(keeper.findings());
        if (startTrouble != null) {
            all.add(startTrouble);
        }
        all.addAll(audited);
        List<Finding> now = all.stream().limit(GatewayReport.MOST_FINDINGS).toList();
        if (!now.equals(shown)) {
            now.stream()
                    .filter(finding -> !shown.contains(finding))
                    .forEach(finding -> log.warn("{} {}: {}", config.key(), finding.code(), finding.detail()));
            shown = now;
            gateway.findings(now);
        }
    }

    @Override
    public boolean gatewayAlive() {
        return adopting
                || starting
                || switch (gateway.report().state()) {
                    case STARTING, RUNNING, DRAINING, UNGUARDED -> true;
                    case STOPPED, EXITED, BACKOFF -> false;
                };
    }

    private GatewayReport report() {
        GatewayReport report = gateway.report();
        DesiredState desired = orders.desired();
        if (keeper.phase() == LeaseKeeper.Phase.UNGUARDED && gatewayAlive()) {
            return report.as(GatewayState.UNGUARDED, desired);
        }
        // Its start is under way, which takes a while before there is a process: first a range is sought and guarded.
        // Said otherwise, a gateway that is on its way would be taken for one that somebody stopped.
        boolean onItsWay = starting || adopting || (!tried && orders.mayStart());
        return onItsWay && report.state() == GatewayState.STOPPED
                ? report.as(GatewayState.STARTING, desired)
                : report.as(report.state(), desired);
    }

    private Set<Integer> ownPids() {
        Set<Integer> own = gatewayPids();
        own.add(Math.toIntExact(ProcessHandle.current().pid()));
        return own;
    }

    /** Also that of a gateway that was found alive and is not adopted yet. */
    private Set<Integer> gatewayPids() {
        Set<Integer> pids = new HashSet<>(gateway.pids());
        Gateway.Standing found = standing;
        if (found != null) {
            pids.add(found.pid());
        }
        return pids;
    }

    private void show(Event event) {
        status = new NodeStatus(
                keeper.phase(),
                keeper.guard(),
                keeper.known(),
                keeper.stand().orElse(null),
                keeper.trouble().orElse(null),
                report(),
                residentBytes);
        if (keeper.phase() != logged) {
            log.info(
                    "{} is {} on {} after {}",
                    config.key(),
                    keeper.phase().name().toLowerCase(java.util.Locale.ROOT),
                    keeper.stand().map(lease -> lease.ports().toString()).orElse("no range"),
                    event.getClass().getSimpleName());
            logged = keeper.phase();
        }
        String trouble = keeper.trouble().orElse("");
        if (!trouble.equals(troubled)) {
            if (!trouble.isEmpty()) {
                log.warn("{}: {}", config.key(), trouble);
            }
            troubled = trouble;
        }
        refreshFindings();
    }

    /** The second number of statm: pages in memory. */
    private static long residentBytes() throws IOException {
        String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ", -1);
        return Long.parseLong(pages[1]) * PAGE_BYTES;
    }

    /** Of every Linux that Gatefleet runs on; only a meter hangs on it. */
    private static final long PAGE_BYTES = 4096;
}
