package io.gatefleet.registry;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.bus.Asker;
import io.gatefleet.contract.bus.Exchange;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.lease.LeaseReply;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.runtime.cluster.Membership;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the port-allocator. Asks twice when nobody answers: every question is idempotent, and one that went to a member
 * that has just died is answered by nobody.
 */
final class LedgerClient {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final Logger log = LoggerFactory.getLogger(LedgerClient.class);

    /** The service that is asked. */
    private static final String ALLOCATOR = "port-allocator";

    private final Vertx vertx;
    private final Asker bus;
    private final Membership membership;
    private final Duration timeout;
    private final Duration retryAfter;
    private boolean silent;

    LedgerClient(Vertx vertx, Membership membership, Duration timeout, Duration retryAfter) {
        this.vertx = vertx;
        this.bus = new Asker(vertx);
        this.membership = membership;
        this.timeout = timeout;
        this.retryAfter = retryAfter;
    }

    /**
     * The allocator's answer, or {@link Refusal.Unavailable}. Fails with {@link BadInput} if it could not read that.
     *
     * @param host whose ledger decides
     */
    <Q> Future<LeaseReply> ask(Exchange<Q, LeaseReply> exchange, HostId host, Q question) {
        return ask(exchange, host, question, 0);
    }

    /**
     * The same for a question that may go with later ones.
     *
     * @param spareMillis how long it may wait for them, 0 or more
     */
    <Q> Future<LeaseReply> ask(Exchange<Q, LeaseReply> exchange, HostId host, Q question, long spareMillis) {
        return first(exchange, host, question, spareMillis)
                .recover(cause -> nobodyAnswered(cause)
                        ? vertx.timer(PAUSE.toMillis(), TimeUnit.MILLISECONDS)
                                .compose(elapsed -> once(exchange, question, 0))
                        : Future.failedFuture(cause))
                .onSuccess(answer -> answered())
                .recover(cause -> given(exchange, cause));
    }

    /** Whoever keeps the ledger need not ask another member; where that is no allocator, or none yet, any of them. */
    private <Q> Future<LeaseReply> first(Exchange<Q, LeaseReply> exchange, HostId host, Q question, long spareMillis) {
        Optional<String> keeper = membership.keeper(ALLOCATOR, host.value());
        return keeper.isEmpty()
                ? once(exchange, question, spareMillis)
                : once(exchange.of(keeper.get()), question, spareMillis)
                        .recover(cause ->
                                cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS
                                        ? once(exchange, question, 0)
                                        : Future.failedFuture(cause));
    }

    private <Q> Future<LeaseReply> once(Exchange<Q, LeaseReply> exchange, Q question, long spareMillis) {
        // Many go in one message, and are answered with the last of them: who can wait for others can wait for answers.
        return bus.ask(exchange, question, timeout.plusMillis(spareMillis), spareMillis);
    }

    private static boolean nobodyAnswered(Throwable cause) {
        return cause instanceof ReplyException reply && reply.failureType() != ReplyFailure.RECIPIENT_FAILURE;
    }

    private Future<LeaseReply> given(Exchange<?, ?> exchange, Throwable cause) {
        if (cause instanceof ReplyException reply
                && reply.failureType() == ReplyFailure.RECIPIENT_FAILURE
                && reply.failureCode() == Exchange.BAD_QUESTION) {
            return Future.failedFuture(new BadInput(
                    "request", "not understood by the port-allocator", String.valueOf(reply.getMessage())));
        }
        // Once: every heartbeat of the fleet comes by here.
        if (!silent) {
            silent = true;
            log.warn("no answer from {}; nodes are told to ask again: {}", exchange.address(), cause.toString());
        }
        return Future.succeededFuture(
                new LeaseReply.Refused(new Refusal.Unavailable("The port-allocator", retryAfter.toMillis())));
    }

    private void answered() {
        if (silent) {
            silent = false;
            log.info("the port-allocator answers again");
        }
    }
}
