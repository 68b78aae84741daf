package io.gatefleet.registry;

import io.gatefleet.contract.command.Command;
import io.gatefleet.contract.command.CommandAnswer;
import io.gatefleet.contract.command.CommandId;
import io.gatefleet.contract.command.CommandNews;
import io.gatefleet.contract.command.CommandResult;
import io.gatefleet.contract.command.CommandView;
import io.gatefleet.contract.command.Commands;
import io.gatefleet.contract.command.HandedOver;
import io.gatefleet.contract.command.OpenRequest;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.registry.command.Asking;
import io.gatefleet.registry.command.CommandBook;
import io.gatefleet.registry.instance.InstanceBook;
import io.gatefleet.runtime.BusDesk;
import io.gatefleet.runtime.audit.AuditEntry;
import io.gatefleet.runtime.audit.AuditLog;
import io.gatefleet.runtime.cluster.Membership;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where operators' commands go through: written down, handed to the registry where their node has its request open, and
 * answered with what the node says. The registry that was asked decides; a command that may have reached its node is never
 * called undone. On the event loop that owns the books.
 */
final class CommandDesk {
    private static final long LOOK_MILLIS = 250;
    private static final Duration HAND_OVER = Duration.ofSeconds(1);
    private static final long HAND_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Vertx vertx;
    private final Membership membership;
    private final CommandBook commands;
    private final InstanceBook instances;
    private final OpenRequests requests;
    private final AuditLog audit;
    private final RegistryMeters meters;
    private final LongSupplier nanoTime;
    private final Set<Name> underWay = new HashSet<>();
    private final Map<Name, List<Promise<CommandView>>> waiting = new HashMap<>();
    private final Map<InstanceKey, String> whereabouts = new HashMap<>();
    private long handedAt;

    private record Name(InstanceKey instance, CommandId id) {
        static Name of(Command command) {
            return new Name(command.instance(), command.id());
        }
    }

    CommandDesk(
            Vertx vertx,
            Membership membership,
            InstanceBook instances,
            AuditLog audit,
            RegistryMeters meters,
            LongSupplier nanoTime) {
        this.vertx = vertx;
        this.membership = membership;
        this.commands = new CommandBook(membership.id());
        this.instances = instances;
        this.audit = audit;
        this.meters = meters;
        this.nanoTime = nanoTime;
        this.requests = new OpenRequests(vertx, membership.id(), nanoTime, this::tellOfRequest);
    }

    OpenRequests requests() {
        return requests;
    }

    /** Begins to look after what was asked, and to hear the other registries. */
    Future<?> join(BusDesk bus) {
        vertx.setPeriodic(LOOK_MILLIS, tick -> look());
        if (membership == Membership.ALONE) {
            return Future.succeededFuture();
        }
        return Future.all(
                bus.hear(Commands.NEWS, news -> commands.learn(news, nanoTime.getAsLong())
                        .ifPresent(this::tellWaiting)),
                bus.hear(Commands.ANSWERED, this::heard),
                bus.hear(Commands.OPEN_REQUEST, this::requestAt),
                bus.serve(
                        Commands.hand(membership.id()),
                        command -> Future.succeededFuture(new HandedOver(requests.hand(command)))));
    }

    /**
     * Takes a command, once.
     *
     * @param from the asker's address, for the audit log
     */
    Asking ask(Command command, String from) {
        long now = nanoTime.getAsLong();
        Asking asking = commands.ask(command, this::isGone, now);
        if (asking instanceof Asking.Fresh fresh) {
            audit.write(new AuditEntry(
                    command.askedBy(),
                    from,
                    "command-asked",
                    command.instance().toString(),
                    "asked",
                    facts(fresh.view(), null)));
            tell(fresh.view());
            if (instances.departed(command.instance())) {
                CommandResult away = new CommandResult.NotDone(
                        "the node of %s said goodbye and does not run; start it, then ask again under another id"
                                .formatted(command.instance()));
                commands.ended(command.instance(), command.id(), away, now).ifPresent(this::ended);
                return commands.find(command.instance(), command.id(), now)
                        .<Asking>map(Asking.Fresh::new)
                        .orElse(asking);
            }
            hand(command);
        }
        return asking;
    }

    Optional<CommandView> find(InstanceKey instance, CommandId id) {
        return commands.find(instance, id, nanoTime.getAsLong());
    }

    List<CommandView> list(InstanceKey instance) {
        return commands.list(instance, nanoTime.getAsLong());
    }

    /** The command when it has ended, or as it stands after so long; empty where nobody knows it. */
    Future<Optional<CommandView>> await(InstanceKey instance, CommandId id, int seconds) {
        Optional<CommandView> known = find(instance, id);
        if (seconds == 0 || known.isEmpty() || known.get().state() == CommandView.State.ENDED) {
            return Future.succeededFuture(known);
        }
        Name name = new Name(instance, id);
        Promise<CommandView> end = Promise.promise();
        waiting.computeIfAbsent(name, first -> new ArrayList<>()).add(end);
        return end.future().timeout(seconds, TimeUnit.SECONDS).transform(done -> {
            List<Promise<CommandView>> others = waiting.get(name);
            if (others != null) {
                others.remove(end);
                if (others.isEmpty()) {
                    waiting.remove(name);
                }
            }
            return Future.succeededFuture(find(instance, id));
        });
    }

    /** A node says what came of a command. */
    void answered(CommandAnswer answer) {
        heard(answer);
        if (membership != Membership.ALONE) {
            Commands.ANSWERED.tell(vertx.eventBus(), answer);
        }
        // Of one that only its node knows, because the registry that was asked is gone, somebody must write down the
        // end.
        boolean orphan =
                commands.owner(answer.instance(), answer.id()).map(this::isGone).orElse(true);
        if (orphan) {
            audit.write(new AuditEntry(
                    "node",
                    null,
                    "command-ended",
                    answer.instance().toString(),
                    answer.result().outcome(),
                    Map.of("id", answer.id().value(), "said", answer.result().said())));
        }
    }

    private void heard(CommandAnswer answer) {
        boolean mine = commands.owns(answer.instance(), answer.id());
        commands.ended(answer.instance(), answer.id(), answer.result(), nanoTime.getAsLong())
                .ifPresent(view -> {
                    if (mine) {
                        ended(view);
                    } else {
                        tellWaiting(view);
                    }
                });
    }

    /** An own command has ended. */
    private void ended(CommandView view) {
        CommandResult result = view.result();
        if (result == null) {
            return;
        }
        Command command = view.command();
        meters.commandEnded(command.order().kind(), result.outcome());
        audit.write(new AuditEntry(
                command.askedBy(),
                null,
                "command-ended",
                command.instance().toString(),
                result.outcome(),
                facts(view, result)));
        tell(view);
    }

    private static Map<String, String> facts(CommandView view, @Nullable CommandResult result) {
        Command command = view.command();
        Map<String, String> facts = new TreeMap<>();
        facts.put("id", command.id().value());
        facts.put("command", command.order().toString());
        if (command.reason() != null) {
            facts.put("reason", command.reason());
        }
        if (result == null) {
            facts.put("deadlineMillis", Long.toString(command.deadlineMillis()));
        } else {
            facts.put("said", result.said());
            facts.put("tookMillis", Long.toString(view.askedMillisAgo()));
        }
        return facts;
    }

    private void tell(CommandView view) {
        if (membership != Membership.ALONE) {
            Commands.NEWS.tell(vertx.eventBus(), new CommandNews(membership.id(), view));
        }
        if (view.state() == CommandView.State.ENDED) {
            tellWaiting(view);
        }
    }

    private void tellWaiting(CommandView view) {
        List<Promise<CommandView>> some = waiting.remove(Name.of(view.command()));
        if (some != null) {
            some.forEach(promise -> promise.tryComplete(view));
        }
    }

    // ------------------------------------------------------------------------------------------ to the node

    private void hand(Command command) {
        Name name = Name.of(command);
        if (!underWay.add(name)) {
            return;
        }
        if (requests.hand(command)) {
            underWay.remove(name);
            delivered(command);
            return;
        }
        List<String> others = new ArrayList<>(membership.others(RegistryVerticle.SERVICE));
        String likely = whereabouts.get(command.instance());
        if (likely != null && others.remove(likely)) {
            others.add(0, likely);
        }
        hand(command, others.iterator()).onComplete(taken -> {
            underWay.remove(name);
            // Where nobody said that it was not taken, it may have been.
            if (taken.failed() || taken.result()) {
                delivered(command);
            }
        });
    }

    /** Whether one of them took it; fails where one of them may have. */
    private Future<Boolean> hand(Command command, Iterator<String> others) {
        if (!others.hasNext()) {
            return Future.succeededFuture(false);
        }
        return Commands.hand(others.next())
                .ask(vertx.eventBus(), command, HAND_OVER)
                .map(HandedOver::taken)
                .recover(failure ->
                        failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS
                                ? Future.succeededFuture(false)
                                : Future.failedFuture(failure))
                .compose(taken -> taken ? Future.succeededFuture(true) : hand(command, others));
    }

    private void delivered(Command command) {
        commands.delivered(command.instance(), command.id(), nanoTime.getAsLong())
                .ifPresent(view -> {
                    meters.commandHanded(view.askedMillisAgo());
                    tell(view);
                });
    }

    private void tellOfRequest(OpenRequest news) {
        InstanceKey instance = news.instance();
        boolean goodbye = !news.open()
                && (instances.departed(instance)
                        || !instances.incarnation(instance).equals(Optional.of(news.incarnation())));
        if (!goodbye) {
            Commands.OPEN_REQUEST.tell(vertx.eventBus(), news);
        }
        if (news.open()) {
            // After the request itself is in place: what waits goes out on it.
            vertx.runOnContext(placed -> handAll(instance));
        }
    }

    private void requestAt(OpenRequest news) {
        if (news.member().equals(membership.id())) {
            return;
        }
        if (news.open()) {
            whereabouts.put(news.instance(), news.member());
            requests.moved(news.instance());
            handAll(news.instance());
        } else {
            whereabouts.remove(news.instance(), news.member());
        }
    }

    private void handAll(InstanceKey instance) {
        commands.open(instance, nanoTime.getAsLong()).forEach(this::hand);
    }

    private void look() {
        long now = nanoTime.getAsLong();
        meters.openRequests(requests.size());
        if (now - handedAt >= HAND_AGAIN_NANOS) {
            handedAt = now;
            commands.open(now).forEach(this::hand);
        }
        List<CommandView> over = commands.tick(
                command -> underWay.contains(Name.of(command)),
                instance -> !instances.isPresent(instance, now),
                this::isGone,
                now);
        for (CommandView view : over) {
            if (commands.owns(view.command().instance(), view.command().id())) {
                ended(view);
            } else {
                tellWaiting(view);
            }
        }
        whereabouts
                .keySet()
                .removeIf(instance -> instances.incarnation(instance).isEmpty());
    }

    private boolean isGone(String member) {
        return !member.equals(membership.id())
                && !membership.others(RegistryVerticle.SERVICE).contains(member);
    }

    /** Lets nodes and askers go. */
    void close() {
        requests.close();
        new ArrayList<>(waiting.values())
                .forEach(some -> List.copyOf(some).forEach(promise -> promise.tryFail("closing")));
    }
}
