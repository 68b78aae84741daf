package io.gatefleet.runtime.access;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * Node tokens that no longer count: one line of the file {@code revoked}, {@code HOST/INSTANCE BEFORE}, either name
 * {@code *} for all.
 *
 * @param before tokens made earlier are revoked; those made later, for whoever joined again, are not
 */
public record Revocation(@Nullable HostId host, @Nullable InstanceId instance, Instant before) {
    static Revocation parse(String line) {
        String[] words = line.split("\\s+", -1);
        if (words.length != 2) {
            throw new BadInput("line", line, "HOST/INSTANCE BEFORE, for example mill/main 2026-11-28T15:00:00Z");
        }
        try {
            return of(words[0], Instant.parse(words[1]));
        } catch (DateTimeParseException noTime) {
            throw new BadInput("before", words[1], "a time, for example 2026-11-28T15:00:00Z");
        }
    }

    /** @param subject {@code HOST/INSTANCE}, either of them {@code *} */
    public static Revocation of(String subject, Instant before) {
        String[] names = subject.split("/", -1);
        if (names.length != 2 || (names[0].equals("*") && !names[1].equals("*"))) {
            throw new BadInput("subject", subject, "HOST/INSTANCE, HOST/* or */*");
        }
        return new Revocation(
                names[0].equals("*") ? null : new HostId(names[0]),
                names[1].equals("*") ? null : new InstanceId(names[1]),
                before);
    }

    boolean covers(NodeToken token) {
        return (host == null || host.equals(token.instance().host()))
                && (instance == null || instance.equals(token.instance().instance()))
                && token.issuedAt() < before.toEpochMilli();
    }

    /** As it stands in the file. */
    public String line() {
        return (host == null ? "*" : host) + "/" + (instance == null ? "*" : instance) + " " + before;
    }
}
