package io.gatefleet.node.command;

import io.gatefleet.contract.command.Command;
import io.gatefleet.contract.command.CommandId;
import io.gatefleet.contract.command.CommandResult;
import io.gatefleet.contract.command.Order;
import io.gatefleet.contract.instance.DesiredState;
import io.gatefleet.contract.instance.DesiredState.Run;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.node.gateway.Gateway;
import io.gatefleet.node.gateway.InstanceHome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what operators ask, each command once. What is to be done stands on the disk before it is begun, and what came of it
 * before it is answered; so a node that is killed in between finishes what it began, and does nothing twice. Commands that
 * start or stop the gateway wait for each other. On the node's context; nothing here blocks it.
 */
public final class OrderDesk {
    /** For a stop that is in a hurry: no drain, but time to close files. */
    static final Duration STOP = Duration.ofSeconds(10);

    private static final int MOST_WAITING = 16;
    private static final Logger log = LoggerFactory.getLogger(OrderDesk.class);

    private final Vertx vertx;
    private final InstanceKey self;
    private final InstanceHome home;
    private final Gateway gateway;
    private final Site site;
    private final BiConsumer<CommandId, CommandResult> answer;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Set<CommandId> open = new HashSet<>();
    private KeptOrders kept;

    /** The last write; an earlier one is done before, because they run in order. */
    private Future<?> written = Future.succeededFuture();

    private @Nullable Order underWay;
    private boolean resumed;
    private boolean closing;

    private record Waiting(Command command) {}

    /**
     * @param kept what the node's disk says
     * @param answer is told what came of each command
     */
    public OrderDesk(
            Vertx vertx,
            InstanceKey self,
            InstanceHome home,
            KeptOrders kept,
            Gateway gateway,
            Site site,
            BiConsumer<CommandId, CommandResult> answer) {
        this.vertx = vertx;
        this.self = self;
        this.home = home;
        this.kept = kept;
        this.gateway = gateway;
        this.site = site;
        this.answer = answer;
        if (kept.desired().cordoned()) {
            gateway.hold(true);
        }
        KeptOrders.Begun begun = kept.begun();
        if (begun != null) {
            // Before it is gone on with it is given out again: the registry has not heard how it ended.
            open.add(begun.id());
        }
    }

    public DesiredState desired() {
        return kept.desired();
    }

    /** Whether the gateway is to be started where it does not run. */
    public boolean mayStart() {
        return kept.desired().run() == Run.RUNNING && !kept.desired().cordoned();
    }

    /** Takes a command that arrived, for the first time or again. */
    public void take(Command command) {
        CommandId id = command.id();
        Optional<CommandResult> known = kept.result(id);
        if (known.isPresent()) {
            answer.accept(id, known.get());
        } else if (open.contains(id)) {
            log.debug("{} was asked again for {}, which is under way", self, id);
        } else if (command.deadlineMillis() == 0) {
            answer.accept(id, new CommandResult.NotDone("it did not reach the node in time, and was not begun"));
        } else if (closing) {
            answer.accept(id, new CommandResult.Refused("the node was told to end"));
        } else {
            log.info(
                    "{} is asked by {} to {}{}",
                    self,
                    command.askedBy(),
                    command.order(),
                    command.reason() == null ? "" : ": " + command.reason());
            accept(command);
        }
    }

    private void accept(Command command) {
        CommandId id = command.id();
        Order order = command.order();
        if (order instanceof Order.LogTail tail) {
            open.add(id);
            gateway.tail(tail.lines())
                    .onComplete(
                            lines -> told(id, new CommandResult.Done(counted(lines.size()), lines)),
                            failure -> told(id, new CommandResult.Failed("the log cannot be read: " + failure)));
        } else if (order instanceof Order.Cordon
                || order instanceof Order.Uncordon
                || order instanceof Order.Maintenance) {
            open.add(id);
            mark(id, order);
        } else if (waiting.size() >= MOST_WAITING) {
            answer.accept(id, new CommandResult.Refused(waiting.size() + " commands wait already"));
        } else {
            open.add(id);
            Waiting last = new Waiting(command);
            waiting.add(last);
            vertx.setTimer(command.deadlineMillis(), over -> expire(last));
            if (order instanceof Order.Stop && (underWay instanceof Order.Drain || underWay instanceof Order.Restart)) {
                // Whoever says stop now does not want to wait for minutes of drain.
                gateway.stop(STOP);
            }
            next();
        }
    }

    private static String counted(int lines) {
        return lines == 1 ? "1 line" : lines + " lines";
    }

    /** What came of a command that leaves no trace. */
    private void told(CommandId id, CommandResult result) {
        open.remove(id);
        answer.accept(id, result);
    }

    // ------------------------------------------------------------------------------------------ marks

    private void mark(CommandId id, Order order) {
        DesiredState next = kept.desired();
        String said;
        if (order instanceof Order.Maintenance maintenance) {
            next = next.withMaintenance(maintenance.on());
            said = maintenance.on() ? "in maintenance: expected to be down" : "no longer in maintenance";
        } else {
            boolean on = order instanceof Order.Cordon;
            next = next.withCordon(on);
            said = on ? "cordoned: a gateway that ends is not started again" : "no longer cordoned";
        }
        CommandResult done = new CommandResult.Done(said, null);
        DesiredState desired = next;
        write(kept.with(desired).ended(id, done))
                .onComplete(
                        onDisk -> {
                            told(id, done);
                            gateway.hold(desired.cordoned());
                            site.changed();
                            if (order instanceof Order.Uncordon) {
                                startIfWanted();
                            }
                        },
                        failure -> told(id, notKept(failure)));
    }

    private void startIfWanted() {
        if (mayStart() && underWay == null && !site.gatewayAlive()) {
            site.place().ifPresent(place -> site.run(place)
                    .onFailure(failure -> log.warn("{} is not started: {}", self, failure.getMessage())));
        }
    }

    private static CommandResult notKept(Throwable failure) {
        return new CommandResult.Failed("nothing was done, because it cannot be written down: " + failure.getMessage());
    }

    /** What is written becomes what is wanted, also before it is on the disk; a write that fails takes it back. */
    private Future<?> write(KeptOrders next) {
        KeptOrders before = kept;
        kept = next;
        Future<?> now = written.transform(earlier -> vertx.executeBlocking(() -> {
            next.write(home);
            return true;
        }));
        written = now;
        return now.onFailure(failure -> {
            log.error("{} cannot write {}", self, home.commandsFile(), failure);
            if (kept.equals(next)) {
                kept = before;
            }
        });
    }

    // ------------------------------------------------------------------------------------------ the gateway

    /** Begins what waits, if nothing is under way. */
    private void next() {
        if (underWay != null || !resumed) {
            return;
        }
        Waiting first = waiting.poll();
        if (first == null) {
            return;
        }
        Command command = first.command();
        Order order = command.order();
        Optional<CommandResult> no = objection(order);
        if (no.isPresent()) {
            told(command.id(), no.get());
            next();
            return;
        }
        underWay = order;
        gateway.standing()
                .otherwise(Optional.empty())
                .compose(standing -> begin(command, standing))
                .onComplete(onDisk -> act(command.id(), order), failure -> {
                    underWay = null;
                    told(command.id(), notKept(failure));
                    next();
                });
    }

    private void expire(Waiting one) {
        if (waiting.remove(one)) {
            told(
                    one.command().id(),
                    new CommandResult.NotDone(
                            underWay == null
                                    ? "the node has not found out yet how its gateway stands"
                                    : "the node was busy with another one (%s) until its time was over"
                                            .formatted(underWay.kind())));
        }
    }

    private Optional<CommandResult> objection(Order order) {
        boolean starts = order instanceof Order.Start || order instanceof Order.Restart;
        if (closing) {
            return Optional.of(new CommandResult.Refused("the node was told to end"));
        }
        if (starts && kept.desired().cordoned()) {
            return Optional.of(new CommandResult.Refused("it is cordoned; uncordon it first"));
        }
        if (order instanceof Order.Restart && kept.desired().run() != Run.RUNNING) {
            return Optional.of(new CommandResult.Refused(
                    "it is %s; start it instead".formatted(kept.desired().run())));
        }
        if (order instanceof Order.Restart && site.place().isEmpty() && !site.gatewayAlive()) {
            return Optional.of(new CommandResult.Refused(site.whyNoPlace()));
        }
        return Optional.empty();
    }

    private Future<?> begin(Command command, Optional<Gateway.Standing> standing) {
        Run run = run(command.order());
        return write(kept.with(kept.desired().with(run))
                .begun(new KeptOrders.Begun(
                        command.id(),
                        command.order(),
                        standing.map(Gateway.Standing::pid).orElse(null),
                        standing.map(Gateway.Standing::startTime).orElse(null))));
    }

    private static Run run(Order order) {
        if (order instanceof Order.Stop) {
            return Run.STOPPED;
        }
        return order instanceof Order.Drain ? Run.DRAINED : Run.RUNNING;
    }

    private void act(CommandId id, Order order) {
        site.changed();
        Future<CommandResult> work;
        if (order instanceof Order.Stop) {
            work = gateway.stop(STOP).map(closed -> stopped("stopped", closed));
        } else if (order instanceof Order.Drain) {
            work = gateway.stop().map(closed -> stopped("drained and stopped", closed));
        } else if (order instanceof Order.Restart) {
            work = gateway.stop().compose(closed -> started("restarted"));
        } else {
            work = site.gatewayAlive()
                    ? Future.succeededFuture(new CommandResult.Done("it runs already", null))
                    : started("started");
        }
        work.otherwise(failure -> new CommandResult.Failed(String.valueOf(failure.getMessage())))
                .onSuccess(result -> finish(id, result));
    }

    private static CommandResult stopped(String how, boolean closed) {
        return new CommandResult.Done(
                closed ? how + "; lease and guard are kept" : how + ", but a port is still in use: see its findings",
                null);
    }

    private Future<CommandResult> started(String how) {
        Optional<Lease> place = site.place();
        if (closing) {
            return Future.succeededFuture(
                    new CommandResult.Failed("it was stopped; before it was started again the node was told to end"));
        }
        if (place.isEmpty()) {
            return Future.succeededFuture(
                    new CommandResult.Done("it is started as soon as it can be: " + site.whyNoPlace(), null));
        }
        if (site.gatewayAlive()) {
            return Future.succeededFuture(new CommandResult.Done(how, null));
        }
        return site.run(place.get()).map(runs -> (CommandResult)
                new CommandResult.Done("%s on %s".formatted(how, place.get().ports()), null));
    }

    private void finish(CommandId id, CommandResult result) {
        log.info("{} {}: {}", self, result.outcome(), result.said());
        // If it cannot be written, a node that is killed now may do it again: as a stop of what is stopped.
        write(kept.ended(id, result)).onComplete(done -> {
            underWay = null;
            told(id, result);
            site.changed();
            next();
        });
    }

    /** No gateway stands: what needs no place need not wait for one. */
    public void nothingStands() {
        KeptOrders.Begun begun = kept.begun();
        if (begun == null || run(begun.order()) != Run.RUNNING) {
            resume();
        }
    }

    /**
     * The node has found out how its gateway stands, and has a place: goes on with what was begun in its last life, and
     * makes true what is wanted. Called whenever that is so; the first time counts.
     */
    public void resume() {
        if (resumed) {
            return;
        }
        resumed = true;
        KeptOrders.Begun begun = kept.begun();
        if (begun == null) {
            enforce();
            return;
        }
        underWay = begun.order();
        log.info("{} goes on with {}, which its last life began", self, begun.order());
        if (!(begun.order() instanceof Order.Restart)) {
            act(begun.id(), begun.order());
            return;
        }
        gateway.standing().otherwise(Optional.empty()).onSuccess(standing -> {
            boolean same = standing.isPresent()
                    && Integer.valueOf(standing.get().pid()).equals(begun.pid())
                    && Long.valueOf(standing.get().startTime()).equals(begun.startTime());
            if (same) {
                act(begun.id(), begun.order());
            } else {
                // Another process, or none: the old one was stopped.
                started("restarted, across a restart of its node")
                        .otherwise(failure -> new CommandResult.Failed(String.valueOf(failure.getMessage())))
                        .onSuccess(result -> finish(begun.id(), result));
            }
        });
    }

    /** A gateway that stands where none is wanted is one that an earlier node did not get round to stop. */
    private void enforce() {
        if (kept.desired().run() != Run.RUNNING && site.gatewayAlive()) {
            Order order = kept.desired().run() == Run.DRAINED ? new Order.Drain() : new Order.Stop();
            underWay = order;
            (order instanceof Order.Drain ? gateway.stop() : gateway.stop(STOP)).onComplete(done -> {
                underWay = null;
                site.changed();
                next();
            });
        } else {
            next();
        }
    }

    /** The node ends: nothing more is begun, and who waits is told so. Done when everything is written. */
    public Future<?> close() {
        closing = true;
        List<Waiting> left = new ArrayList<>(waiting);
        waiting.clear();
        left.forEach(one -> told(one.command().id(), new CommandResult.Refused("the node was told to end")));
        return written.otherwiseEmpty();
    }
}
