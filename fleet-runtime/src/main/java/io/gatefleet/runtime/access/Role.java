package io.gatefleet.runtime.access;

import io.gatefleet.contract.BadInput;
import java.util.Locale;

/** What a token of the file {@code tokens} is good for. */
public enum Role {
    /** Looks, and changes nothing. */
    READ,
    /** Looks and changes. */
    ADMIN,
    /** Lets a node join under a name that nobody living has, and nothing else. */
    JOIN;

    public static Role parse(String text) {
        for (Role role : values()) {
            if (role.toString().equals(text)) {
                return role;
            }
        }
        throw new BadInput("role", text, "read, admin or join");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
