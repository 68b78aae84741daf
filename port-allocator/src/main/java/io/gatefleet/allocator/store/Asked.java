package io.gatefleet.allocator.store;

import io.gatefleet.allocator.lease.Command;
import io.gatefleet.allocator.lease.LeaseRules;
import io.gatefleet.contract.host.HostId;
import io.vertx.core.Promise;
import java.util.concurrent.Executor;

/**
 * A command on its way to a ledger, and who waits for its answer.
 *
 * @param since when it was asked, on this process' monotonic clock in nanoseconds
 * @param thread where the answer is wanted
 */
record Asked<R>(HostId host, Command<R> command, LeaseRules rules, long since, Promise<R> promise, Executor thread) {
    /** How many listeners a registration may bring before it counts as one command more. */
    private static final int LISTENERS_LIKE_ONE = 64;

    /** How much room it takes, in commands without facts. */
    int weight() {
        return command instanceof Command.Acquire acquire
                ? 1 + acquire.question().facts().listeners().size() / LISTENERS_LIKE_ONE
                : 1;
    }

    void answer(LedgerAnswer answer) {
        try {
            promise.complete(answer.to(command));
        } catch (RuntimeException cause) {
            promise.fail(cause);
        }
    }
}
