package io.gatefleet.allocator.store;

import io.gatefleet.allocator.lease.Command;
import io.gatefleet.allocator.lease.HostLedger;
import io.gatefleet.allocator.lease.LeaseRules;
import io.gatefleet.contract.host.HostId;
import io.vertx.core.Future;
import java.util.Set;

/**
 * The ledgers of all hosts. Commands on one host run one after the other, each on the outcome of the one before; those
 * on different hosts need not wait for each other.
 */
public interface LedgerStore {
    /**
     * Runs a command where the host's ledger is.
     *
     * @return its reply, once the changed ledger is as safe as this store makes it; fails with {@code BadInput} if the
     *     command cannot be meant for that ledger, which then stays as it was
     */
    <R> Future<R> apply(HostId host, Command<R> command, LeaseRules rules);

    /** The ledger now; an empty one of a host that nobody spoke of. */
    Future<HostLedger> read(HostId host);

    /** Every host with a ledger. */
    Future<Set<HostId>> hosts();

    /** The hosts whose leases this member lets lapse: each has one such member at a time. */
    Future<Set<HostId>> sweptHere();
}
