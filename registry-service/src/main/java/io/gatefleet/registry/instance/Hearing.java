package io.gatefleet.registry.instance;

import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.lease.Refusal;

/** What became of a heartbeat in the book. */
public sealed interface Hearing {
    /**
     * Newer than everything heard before: worth telling.
     *
     * @param calm nobody waits for its answer: it says what the word before it said, of a guarded and confirmed lease
     */
    record Taken(Flavor flavor, boolean calm) implements Hearing {}

    /** Said again, or overtaken by a newer one: nothing was changed, but it deserves its answer. */
    record Late() implements Hearing {}

    /** From a life that the book does not know, or that has ended. */
    record Refused(Refusal refusal) implements Hearing {}
}
