package io.gatefleet.registry.instance;

import java.util.Locale;

/** What can happen to an instance that is still in the book afterwards. The names are on the wire. */
enum InstanceNews {
    /** A life of it began. */
    REGISTERED,
    /** Something that its node says of it, or its lease, is different; or it was silent and is heard again. */
    CHANGED,
    /** It said goodbye. */
    DEPARTED,
    /** It was not heard for its term. */
    SILENT;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
