package io.gatefleet.runtime.watch;

/** Somebody who watches now. */
interface Watcher {
    /** Tells what has happened, as far as it can be taken. */
    void pump();

    /** Says that it lives, or ends what does not. */
    void alive();

    /** Ends it if who watches would not be admitted now. */
    void recheck();

    /** Ends it: the service stops. */
    void end();
}
