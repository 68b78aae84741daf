package io.gatefleet.runtime.cluster;

import com.hazelcast.config.Config;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A part of the state that members keep together; found by {@link java.util.ServiceLoader}. Every member keeps copies of
 * all of it, whichever service it runs, so every member needs the same parts on its class path: where one is missing, the
 * operations on that part would fail there, for keys that the member only keeps a copy of, too.
 */
public interface SharedState {
    /** For people, and to be compared between members; for example {@code ledger}. */
    String name();

    /** Grows when members before and after the change cannot keep this part together. */
    int form();

    /** Adds the part's maps and serialisers. */
    void configure(Config config, ClusterConfig cluster);

    /**
     * Writes down in a file what this member decides of this part. Called before the member starts: a newcomer owns a share
     * of the state as soon as it is one. Blocks.
     *
     * @param service what the member is for
     * @return writes what waits and ends; for when the member has left
     */
    Closeable writeDown(Config config, String service, Path journal) throws IOException;
}
