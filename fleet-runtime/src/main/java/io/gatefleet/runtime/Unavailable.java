package io.gatefleet.runtime;

import org.jspecify.annotations.Nullable;

/** What is needed for an answer cannot be reached now, and may be soon: HTTP edges answer 503 with {@code Retry-After}. */
public final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String what;
    private final long retryAfterMillis;

    /** @param what begins the sentence "… cannot be reached now", for example {@code The ledger} */
    public Unavailable(String what, long retryAfterMillis, @Nullable Throwable cause) {
        super(what + " cannot be reached now: " + (cause == null ? "too many ask" : cause.getMessage()), cause);
        this.what = what;
        this.retryAfterMillis = retryAfterMillis;
    }

    public String what() {
        return what;
    }

    public long retryAfterMillis() {
        return retryAfterMillis;
    }
}
