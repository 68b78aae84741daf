package io.gatefleet.faults.nemesis;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** One thing that is done to the fleet, so long after its fault began. */
sealed interface Deed {
    /** Milliseconds since the fault began. */
    long at();

    /** From now on nothing is heard on these links, besides those that were cut before. */
    record Cut(long at, Set<Link> links) implements Deed {
        public Cut {
            // Sorted: a schedule that is printed twice is the same.
            links = Collections.unmodifiableSet(new TreeSet<>(links));
        }
    }

    /** SIGSTOP. */
    record Pause(long at, List<String> whom) implements Deed {
        public Pause {
            whom = List.copyOf(whom);
        }
    }

    /** SIGCONT. */
    record Wake(long at, List<String> whom) implements Deed {
        public Wake {
            whom = List.copyOf(whom);
        }
    }

    /** SIGKILL. */
    record Kill(long at, List<String> whom) implements Deed {
        public Kill {
            whom = List.copyOf(whom);
        }
    }

    /** Those that were killed live again, all at once. */
    record Start(long at, List<String> whom) implements Deed {
        public Start {
            whom = List.copyOf(whom);
        }
    }

    /** One after the other is told to end, and started again; the next one follows when it is ready. */
    record Restart(long at, List<String> whom) implements Deed {
        public Restart {
            whom = List.copyOf(whom);
        }
    }
}
