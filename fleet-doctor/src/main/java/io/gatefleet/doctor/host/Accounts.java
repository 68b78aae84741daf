package io.gatefleet.doctor.host;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The host's users, from {@code /etc/passwd}. */
final class Accounts {
    private static final int FIELDS = 7;
    private static final int HOME = 5;

    private final Map<String, String> homes = new LinkedHashMap<>();

    Accounts(Rooted host) {
        host.text("/etc/passwd").ifPresent(text -> text.lines().forEach(line -> {
            String[] fields = line.split(":", -1);
            if (fields.length == FIELDS && fields[HOME].startsWith("/")) {
                homes.put(fields[0], fields[HOME]);
            }
        }));
    }

    /** User to home directory, in the file's order. */
    Map<String, String> homes() {
        return homes;
    }

    Optional<String> home(String user) {
        return Optional.ofNullable(homes.get(user));
    }
}
