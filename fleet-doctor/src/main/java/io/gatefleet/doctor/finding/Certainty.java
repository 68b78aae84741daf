package io.gatefleet.doctor.finding;

import java.util.Locale;

/** How sure a prediction is. */
public enum Certainty {
    /** With today's configurations: nobody need change anything. */
    CERTAIN,
    /** One gateway gets a few more browser profiles, as people do. */
    LIKELY,
    /** It takes many more profiles, or more in both gateways. */
    POSSIBLE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
