package io.gatefleet.runtime.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The cluster as one of its members sees it. Asked on event loops: does not block. */
public interface Membership {
    /** A service that stands alone. */
    Membership ALONE = new Membership() {
        @Override
        public int members() {
            return 1;
        }

        @Override
        public Optional<String> trouble() {
            return Optional.empty();
        }

        @Override
        public Duration lateAskers() {
            return Duration.ZERO;
        }

        @Override
        public String id() {
            return "alone";
        }

        @Override
        public List<String> ids() {
            return List.of(id());
        }

        @Override
        public String httpAddress(String httpHost) {
            return httpHost;
        }

        @Override
        public List<String> others(String service) {
            return List.of();
        }

        @Override
        public Optional<String> keeper(String service, String key) {
            return Optional.empty();
        }
    };

    /** How many members see each other, this one included. */
    int members();

    /** Why this member should be given no work, in one sentence: it is in a minority, or copies are being made. */
    Optional<String> trouble();

    /** How long others may take to notice that this one no longer answers on the bus. */
    Duration lateAskers();

    /** This member's name among the others, as long as it lives. */
    String id();

    /** The names of all members that see each other, this one's too, oldest first. */
    List<String> ids();

    /**
     * Where others reach what this member serves over HTTP.
     *
     * @param httpHost where it listens
     */
    String httpAddress(String httpHost);

    /** The names of the other members that run a service, oldest first. */
    List<String> others(String service);

    /**
     * The name of the member that keeps what is shared under a key, where that one runs a service: whom to ask about it with
     * the fewest words between members.
     */
    Optional<String> keeper(String service, String key);
}
