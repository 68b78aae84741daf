package io.gatefleet.registry.command;

import io.gatefleet.contract.command.Command;
import io.gatefleet.contract.command.CommandId;
import io.gatefleet.contract.command.CommandNews;
import io.gatefleet.contract.command.CommandResult;
import io.gatefleet.contract.command.CommandView;
import io.gatefleet.contract.command.CommandView.State;
import io.gatefleet.contract.instance.InstanceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The commands of the last minutes. The registry that was asked owns a command: it alone says that one was not done, or
 * that nobody knows. Of the other registries' commands it keeps what it was told, so that any of them can be asked.
 *
 * <p>Soft state: what is lost with a registry is asked again, under the same id, and its node does it no second time.
 *
 * <p>Times are monotonic nanoseconds of one clock, given with each call. Not thread-safe: one event loop owns a book.
 */
public final class CommandBook {
    static final int MOST_OPEN_OF_AN_INSTANCE = 16;
    static final int MOST = 10_000;
    static final int MOST_LOGS = 32;
    static final Duration KEEP_ENDED = Duration.ofMinutes(10);
    static final Duration KEEP_LOGS = Duration.ofMinutes(1);

    /** Twice what a gateway may take to finish its work. */
    static final Duration LONGEST_WORK = Duration.ofMinutes(15);

    private final String self;
    private final Map<Name, Entry> entries = new LinkedHashMap<>();
    private long sequence;

    private record Name(InstanceKey instance, CommandId id) {}

    /** @param self this member's name among the registries */
    public CommandBook(String self) {
        this.self = self;
    }

    /**
     * Writes down that something is asked here.
     *
     * @param gone whether another registry is not there any more: what it owned is taken over
     */
    public Asking ask(Command command, Predicate<String> gone, long now) {
        Name name = new Name(command.instance(), command.id());
        Entry known = entries.get(name);
        if (known != null) {
            if (!known.command.order().equals(command.order())) {
                return new Asking.IdTaken(known.view(now));
            }
            boolean lost = known.result == null && !known.owner.equals(self) && gone.test(known.owner);
            if (!lost && !(known.result instanceof CommandResult.Unknown)) {
                return new Asking.Repeated(known.view(now));
            }
        } else {
            Optional<String> full = full(command.instance());
            if (full.isPresent()) {
                return new Asking.Full(full.get());
            }
        }
        Entry entry = new Entry(command, self, now, ++sequence);
        entries.remove(name);
        entries.put(name, entry);
        return new Asking.Fresh(entry.view(now));
    }

    private Optional<String> full(InstanceKey instance) {
        long open = entries.values().stream()
                .filter(entry ->
                        entry.result == null && entry.command.instance().equals(instance))
                .count();
        if (open >= MOST_OPEN_OF_AN_INSTANCE) {
            return Optional.of("%d commands wait for %s already".formatted(open, instance));
        }
        if (entries.size() < MOST) {
            return Optional.empty();
        }
        Optional<Name> oldest = entries.entrySet().stream()
                .filter(entry -> entry.getValue().result != null)
                .map(Map.Entry::getKey)
                .findFirst();
        oldest.ifPresent(entries::remove);
        return oldest.isPresent() ? Optional.empty() : Optional.of(MOST + " commands wait already");
    }

    /** Own commands of an instance that have not ended, in the order in which they were asked. */
    public List<Command> open(InstanceKey instance, long now) {
        return mine(entry -> entry.command.instance().equals(instance), now);
    }

    /** All own commands that have not ended. */
    public List<Command> open(long now) {
        return mine(entry -> true, now);
    }

    private List<Command> mine(Predicate<Entry> wanted, long now) {
        return entries.values().stream()
                .filter(entry -> entry.result == null && entry.owner.equals(self) && wanted.test(entry))
                .map(entry -> entry.command.within(entry.left(now)))
                .toList();
    }

    /**
     * It is on its way to its node: what comes of it is the node's word from now on.
     *
     * @return the news, if it is one
     */
    public Optional<CommandView> delivered(InstanceKey instance, CommandId id, long now) {
        Entry entry = entries.get(new Name(instance, id));
        if (entry == null || entry.state != State.ASKED) {
            return Optional.empty();
        }
        entry.state = State.DELIVERED;
        return Optional.of(entry.view(now));
    }

    /**
     * Takes a node's word, or this registry's own. The first one counts; after {@code unknown} the next one.
     *
     * @return the news, if it is one
     */
    public Optional<CommandView> ended(InstanceKey instance, CommandId id, CommandResult result, long now) {
        Entry entry = entries.get(new Name(instance, id));
        if (entry == null || !entry.takes(result)) {
            return Optional.empty();
        }
        entry.end(result, now);
        return Optional.of(entry.view(now));
    }

    /** Hears how another registry's command stands. */
    public Optional<CommandView> learn(CommandNews news, long now) {
        if (news.member().equals(self)) {
            return Optional.empty();
        }
        CommandView view = news.view();
        Command command = view.command();
        Name name = new Name(command.instance(), command.id());
        Entry entry = entries.get(name);
        if (entry == null) {
            if (full(command.instance()).isPresent()) {
                return Optional.empty();
            }
            entry = new Entry(command, news.member(), now, ++sequence);
            entry.askedAt = now - TimeUnit.MILLISECONDS.toNanos(Math.max(0, view.askedMillisAgo()));
            entries.put(name, entry);
        } else if (!entry.owner.equals(news.member())) {
            if (entry.owner.equals(self) && entry.result == null) {
                return Optional.empty();
            }
            entry.owner = news.member();
        }
        CommandResult result = view.result();
        if (result != null && entry.takes(result)) {
            entry.end(result, now);
            return Optional.of(entry.view(now));
        }
        if (entry.result == null && view.state().compareTo(entry.state) > 0) {
            entry.state = view.state();
        }
        return Optional.empty();
    }

    /** Whether this registry was asked, or has taken over. */
    public boolean owns(InstanceKey instance, CommandId id) {
        Entry entry = entries.get(new Name(instance, id));
        return entry != null && entry.owner.equals(self);
    }

    /** The registry that was asked; empty where nobody knows that command. */
    public Optional<String> owner(InstanceKey instance, CommandId id) {
        return Optional.ofNullable(entries.get(new Name(instance, id))).map(entry -> entry.owner);
    }

    /**
     * Looks what is due.
     *
     * @param underWay commands that may be reaching a node now: nothing is said of them
     * @param lost whether an instance's node is believed to be gone
     * @param gone whether another registry is not there any more
     * @return commands that ended by this
     */
    public List<CommandView> tick(
            Predicate<Command> underWay, Predicate<InstanceKey> lost, Predicate<String> gone, long now) {
        List<CommandView> ended = new ArrayList<>();
        for (Entry entry : entries.values()) {
            CommandResult result = entry.result != null || underWay.test(entry.command)
                    ? null
                    : entry.owner.equals(self) ? due(entry, lost, now) : orphaned(entry, gone, now);
            if (result != null) {
                entry.end(result, now);
                ended.add(entry.view(now));
            }
        }
        forget(now);
        return ended;
    }

    private static @Nullable CommandResult due(Entry entry, Predicate<InstanceKey> lost, long now) {
        InstanceKey instance = entry.command.instance();
        if (entry.state == State.ASKED) {
            return entry.left(now) > 0
                    ? null
                    : new CommandResult.NotDone(
                            "the node of %s did not ask for it within %d ms; it will not be done any more"
                                    .formatted(instance, entry.command.deadlineMillis()));
        }
        if (lost.test(instance)) {
            return new CommandResult.Unknown(
                    "the node of %s was lost before it said what came of it; when it is back, ask again under the same id"
                            .formatted(instance));
        }
        return now - entry.deadlineAt < LONGEST_WORK.toNanos()
                ? null
                : new CommandResult.Unknown("the node of %s has said nothing of it for %d min"
                        .formatted(instance, LONGEST_WORK.toMinutes()));
    }

    private static @Nullable CommandResult orphaned(Entry entry, Predicate<String> gone, long now) {
        return entry.left(now) == 0 && gone.test(entry.owner)
                ? new CommandResult.Unknown(
                        "the registry that was asked is gone; ask again under the same id: it is done once")
                : null;
    }

    private void forget(long now) {
        entries.values().removeIf(entry -> entry.result != null && now - entry.endedAt > KEEP_ENDED.toNanos());
        List<Entry> logs = entries.values().stream()
                .filter(entry -> entry.result instanceof CommandResult.Done done && done.log() != null)
                .sorted(Comparator.comparingLong((Entry entry) -> entry.endedAt).reversed())
                .toList();
        for (int i = 0; i < logs.size(); i++) {
            Entry entry = logs.get(i);
            if (i >= MOST_LOGS || now - entry.endedAt > KEEP_LOGS.toNanos()) {
                entry.result = new CommandResult.Done("told, and not kept; ask again under another id", null);
            }
        }
    }

    public Optional<CommandView> find(InstanceKey instance, CommandId id, long now) {
        return Optional.ofNullable(entries.get(new Name(instance, id))).map(entry -> entry.view(now));
    }

    /** An instance's commands, the newest first; what gateways printed is not in them. */
    public List<CommandView> list(InstanceKey instance, long now) {
        return entries.values().stream()
                .filter(entry -> entry.command.instance().equals(instance))
                .sorted(Comparator.comparingLong((Entry entry) -> entry.number).reversed())
                .map(entry -> entry.view(now))
                .map(CommandBook::withoutLog)
                .toList();
    }

    private static CommandView withoutLog(CommandView view) {
        return view.result() instanceof CommandResult.Done done && done.log() != null
                ? new CommandView(
                        view.command(), view.state(), new CommandResult.Done(done.said(), null), view.askedMillisAgo())
                : view;
    }

    private static final class Entry {
        private final Command command;
        private final long number;
        private final long deadlineAt;
        private String owner;
        private long askedAt;
        private State state = State.ASKED;
        private @Nullable CommandResult result;
        private long endedAt;

        Entry(Command command, String owner, long now, long number) {
            this.command = command;
            this.owner = owner;
            this.number = number;
            this.askedAt = now;
            this.deadlineAt = now + TimeUnit.MILLISECONDS.toNanos(command.deadlineMillis());
        }

        /** Milliseconds in which it may still be begun. */
        long left(long now) {
            return Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadlineAt - now));
        }

        boolean takes(CommandResult next) {
            return result == null || (result instanceof CommandResult.Unknown && !result.equals(next));
        }

        void end(CommandResult last, long now) {
            state = State.ENDED;
            result = last;
            endedAt = now;
        }

        CommandView view(long now) {
            return new CommandView(
                    command.within(left(now)),
                    state,
                    result,
                    TimeUnit.NANOSECONDS.toMillis(Math.max(0, now - askedAt)));
        }
    }
}
