package io.gatefleet.runtime.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How many wrong tokens an address may show: a burst, then one every few seconds. It saves the audit log and the answers;
 * nobody finds a token by trying. Whoever shows a right one is never refused for what others of its address did: a gateway
 * that runs amok must not silence the node beside it. Not thread-safe.
 */
public final class FailureLimit {
    private static final int BURST = 20;
    private static final long ONE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** Whoever has more addresses than that gets more tries, and no more memory. */
    private static final int MOST_ADDRESSES = 4096;

    private static final int NETWORK_BYTES = 8;

    /** What came of a failure. */
    public enum Outcome {
        /** Answer and write it down. */
        COUNTED,
        /** The first one too many: write down that no more is written down. */
        LAST_WORD,
        /** Answer that it is too much, and nothing else. */
        TOO_MANY
    }

    private static final class Bucket {
        private double left = BURST;
        private long at;
        private boolean said;
    }

    private final Map<String, Bucket> buckets = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MOST_ADDRESSES;
        }
    };

    /** @param now monotonic nanoseconds */
    public Outcome failed(String address, long now) {
        Bucket bucket = buckets.computeIfAbsent(network(address), first -> {
            Bucket fresh = new Bucket();
            fresh.at = now;
            return fresh;
        });
        bucket.left = Math.min(BURST, bucket.left + (double) (now - bucket.at) / ONE_EVERY_NANOS);
        bucket.at = now;
        if (bucket.left >= 1) {
            bucket.left--;
            bucket.said = false;
            return Outcome.COUNTED;
        }
        boolean first = !bucket.said;
        bucket.said = true;
        return first ? Outcome.LAST_WORD : Outcome.TOO_MANY;
    }

    /** When to try again, in seconds. */
    public static int retryAfterSeconds() {
        return (int) TimeUnit.NANOSECONDS.toSeconds(ONE_EVERY_NANOS);
    }

    int addresses() {
        return buckets.size();
    }

    /** In IPv6 one machine has a whole network of addresses. */
    static String network(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            byte[] bytes = InetAddress.getByName(address.replaceAll("%.*", "")).getAddress();
            return bytes.length == 4
                    ? InetAddress.getByAddress(bytes).getHostAddress()
                    : HexFormat.of().formatHex(Arrays.copyOf(bytes, NETWORK_BYTES));
        } catch (UnknownHostException noLiteral) {
            return address;
        }
    }
}
