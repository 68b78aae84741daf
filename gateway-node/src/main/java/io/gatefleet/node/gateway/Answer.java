package io.gatefleet.node.gateway;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came back when a gateway was asked how it is. Whether the process that answered is the instance's gateway is
 * another question, and not asked here.
 *
 * @param reached somebody took the connection
 * @param live it answered as a gateway that lives
 * @param ready it takes work
 * @param draining it finishes what it does, asked or unasked
 * @param failing what it names itself
 * @param identity who it says it is
 * @param uptimeMillis as it says it; null where its protocol does not
 * @param trouble what was wrong, one sentence; null where nothing was
 * @param tookMillis until the last answer
 */
record Answer(
        boolean reached,
        boolean live,
        boolean ready,
        boolean draining,
        List<String> failing,
        Identity identity,
        @Nullable Long uptimeMillis,
        @Nullable String trouble,
        long tookMillis) {
    /**
     * Who answered, by its own word.
     *
     * @param hello how it took the instance's token
     * @param version as it says it
     * @param bootId its own name for this life of it, where its version has one: also new after a restart that kept the
     *     process
     */
    record Identity(
            Hello hello, @Nullable String version, @Nullable String bootId) {
        static final Identity UNKNOWN = of(null);
        static final Identity REFUSED = new Identity(Hello.REFUSED, null, null);

        /** Of one that was not asked for its name, and says its version to anybody. */
        static Identity of(@Nullable String version) {
            return new Identity(Hello.UNSAID, version, null);
        }
    }

    /** What became of the instance's token. */
    enum Hello {
        /** Nobody asked, or there was no answer. */
        UNSAID,
        ACCEPTED,
        /** Another gateway, or one with another token. */
        REFUSED
    }

    Answer {
        failing = List.copyOf(failing);
    }

    static Answer bad(boolean reached, String trouble, long tookMillis) {
        return new Answer(reached, false, false, false, List.of(), Identity.UNKNOWN, null, trouble, tookMillis);
    }

    /** The same with what was learnt of it in another conversation. */
    Answer with(Identity other, long moreMillis) {
        Identity both = new Identity(
                other.hello(), other.version() == null ? identity.version() : other.version(), other.bootId());
        return new Answer(
                reached, live, ready, draining, failing, both, uptimeMillis, trouble, tookMillis + moreMillis);
    }
}
