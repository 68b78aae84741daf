package io.gatefleet.allocator.lease;

/**
 * What a command did.
 *
 * @param ledger the ledger afterwards; the same object when nothing changed
 * @param reply the answer to who asked
 */
public record Outcome<R>(HostLedger ledger, R reply) {}
