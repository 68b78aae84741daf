package io.gatefleet.node;

import io.gatefleet.contract.command.Command;
import io.gatefleet.contract.command.CommandId;
import io.gatefleet.contract.command.CommandResult;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's side of its one long request: keeps it open at a registry, whichever answers, hands on the commands that come,
 * and says what came of them until somebody hears it. A registry that answers nonsense, or too fast, is asked more slowly;
 * nothing that it does reaches the gateway's supervision. On the node's context.
 */
final class CommandRequest {
    /** Below the 60 s after which connections are closed that are idle. */
    static final int WAIT_SECONDS = 25;

    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;
    private static final long NOT_KNOWN_PAUSE_MILLIS = 500;
    private static final long SAY_AGAIN_MILLIS = 1_000;
    private static final int MOST_UNSAID = 64;

    /** More commands than this in a row, none of which came later than {@link #FIRST_PAUSE_MILLIS}, are no operator's. */
    private static final int MOST_IN_A_ROW = 50;

    private static final Logger log = LoggerFactory.getLogger(CommandRequest.class);

    private final Vertx vertx;
    private final InstanceKey self;
    private final Incarnation incarnation;
    private final RegistryClient line;
    private final RegistryClient answers;
    private final Consumer<Command> take;
    private final Map<CommandId, CommandResult> unsaid = new LinkedHashMap<>();
    private boolean saying;
    private int failures;
    private int inARow;
    private long timer = -1;
    private boolean asking;
    private boolean known;
    private boolean ended;

    /**
     * @param line with one connection, which nobody else uses
     * @param answers for everything else
     */
    CommandRequest(
            Vertx vertx,
            InstanceKey self,
            Incarnation incarnation,
            RegistryClient line,
            RegistryClient answers,
            Consumer<Command> take) {
        this.vertx = vertx;
        this.self = self;
        this.incarnation = incarnation;
        this.line = line;
        this.answers = answers;
        this.take = take;
    }

    /** The control plane knows this life of the node: the request can be opened, if it is not. */
    void wake() {
        known = true;
        if (!asking && !ended) {
            vertx.cancelTimer(timer);
            ask();
        }
    }

    private void ask() {
        if (asking || ended || !known) {
            return;
        }
        asking = true;
        long began = System.nanoTime();
        line.next(incarnation, WAIT_SECONDS).onSuccess(reply -> {
            asking = false;
            if (!ended) {
                heard(reply, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
            }
        });
    }

    private void heard(RegistryClient.Reply<Optional<Command>> reply, long tookMillis) {
        if (reply instanceof RegistryClient.Reply.Yes<Optional<Command>> yes) {
            failures = 0;
            Command command = yes.value().orElse(null);
            if (command == null) {
                inARow = 0;
                // Sooner than it was asked to wait: it is going down, or not well.
                again(tookMillis < TimeUnit.SECONDS.toMillis(WAIT_SECONDS) / 2 ? pause() : 0);
            } else if (!command.instance().equals(self)) {
                log.warn("{} was sent a command for {}, and ignores it", self, command.instance());
                again(LONGEST_PAUSE_MILLIS);
            } else {
                inARow = tookMillis < FIRST_PAUSE_MILLIS ? inARow + 1 : 1;
                take.accept(command);
                again(inARow > MOST_IN_A_ROW ? LONGEST_PAUSE_MILLIS : 0);
            }
        } else if (reply instanceof RegistryClient.Reply.Refused<?> refused) {
            boolean passes = refused.no().code().equals("unknown-instance");
            again(
                    passes
                            ? NOT_KNOWN_PAUSE_MILLIS
                            : Math.max(LONGEST_PAUSE_MILLIS, refused.no().retryAfterMillis()));
        } else {
            again(pause());
        }
    }

    /** Doubles with every failure; with jitter: all nodes of a registry lose it in the same moment. */
    private long pause() {
        long doubled = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures, 10));
        failures++;
        return Math.max(
                1, Math.round(doubled * (0.5 + 0.5 * ThreadLocalRandom.current().nextDouble())));
    }

    private void again(long millis) {
        if (millis == 0) {
            ask();
        } else {
            timer = vertx.setTimer(millis, over -> ask());
        }
    }

    /** Says what came of a command, until somebody hears it. */
    void say(CommandId id, CommandResult result) {
        unsaid.put(id, result);
        if (unsaid.size() > MOST_UNSAID) {
            unsaid.remove(unsaid.keySet().iterator().next());
        }
        say();
    }

    private Future<?> say() {
        Map.Entry<CommandId, CommandResult> first =
                unsaid.isEmpty() ? null : unsaid.entrySet().iterator().next();
        if (saying || first == null) {
            return Future.succeededFuture();
        }
        saying = true;
        return answers.result(incarnation, first.getKey(), first.getValue()).onSuccess(reply -> {
            saying = false;
            if (reply instanceof RegistryClient.Reply.Silent<?> silent) {
                log.info("{} says again what came of {}: {}", self, first.getKey(), silent.why());
                vertx.setTimer(SAY_AGAIN_MILLIS, again -> say());
                return;
            }
            // Heard, or refused for good: there is nobody who wants to know.
            unsaid.remove(first.getKey(), first.getValue());
            say();
        });
    }

    /** Opens no more; what is unsaid is said once more, and no longer waited for than an answer takes. */
    Future<?> close() {
        ended = true;
        vertx.cancelTimer(timer);
        Future<?> last = saying || unsaid.isEmpty() ? Future.succeededFuture() : say();
        return last.eventually(line::close);
    }
}
