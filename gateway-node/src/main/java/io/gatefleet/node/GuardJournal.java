package io.gatefleet.node;

import io.gatefleet.contract.host.PortSpace;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceKey;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.history.Event.Guard;
import io.gatefleet.history.Journal;
import io.gatefleet.history.Keeping;
import io.gatefleet.node.gateway.InstanceHome;
import io.gatefleet.node.port.Kernel;
import io.gatefleet.runtime.Version;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a node writes down of its guard, for {@code gatefleet verify-history}. */
final class GuardJournal {
    private final Journal journal;
    private final InstanceKey key;
    private final Incarnation incarnation;
    private final PortSpace space;

    private GuardJournal(Journal journal, InstanceKey key, Incarnation incarnation, PortSpace space) {
        this.journal = journal;
        this.key = key;
        this.incarnation = incarnation;
        this.space = space;
    }

    /** Blocks. */
    static GuardJournal open(InstanceHome home, InstanceKey key, Incarnation incarnation) throws IOException {
        PortSpace space = Kernel.portSpace();
        // Two homes may say the same of themselves, so the process is a part of the name.
        String writer = "node %s %s, pid %d"
                .formatted(key, incarnation, ProcessHandle.current().pid());
        Journal journal = Journal.open(home.journal(), writer, Version.current(), Keeping.SMALL);
        return new GuardJournal(journal, key, incarnation, space);
    }

    /** @param fence of the lease that a ledger confirmed; null: none did */
    void write(Guard.Word word, PortSet ports, @Nullable Long fence) {
        journal.write(new Guard(word, key, incarnation, space, fence, ports));
    }

    /** Writes what waits. Blocks for a moment. */
    void close() {
        journal.close();
    }
}
