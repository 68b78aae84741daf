package io.gatefleet.runtime;

import io.gatefleet.contract.BadInput;
import java.time.Duration;
import java.util.List;

/**
 * How long a listener waits for what a client has begun to send; each 10 ms to 10 min.
 *
 * @param head from the connection to the end of its first head, and for strangers from one answer to the next head
 * @param body from the end of a head to the end of its body
 * @param pause from an answer to the end of the next head, for those who are known
 */
public record Patience(Duration head, Duration body, Duration pause) {
    /** A head fits into a packet or two; a body is at most a megabyte, over a slow line. */
    public static final Patience DEFAULT =
            new Patience(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(75));

    public Patience {
        for (Duration time : List.of(head, body, pause)) {
            if (time.toMillis() < 10 || time.compareTo(Duration.ofMinutes(10)) > 0) {
                throw new BadInput("patience", time, "10 ms to 10 min");
            }
        }
    }
}
