package io.gatefleet.contract.instance;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.gatefleet.contract.BadInput;
import java.util.Locale;

/** A gateway family. */
public enum Flavor {
    OPENCLAW,
    CLAWDBOT,
    OMNICLAW,
    /** A small process that behaves as an OpenClaw gateway does. */
    SIMULATED;

    @JsonCreator
    public static Flavor parse(String text) {
        for (Flavor flavor : values()) {
            if (flavor.toString().equals(text)) {
                return flavor;
            }
        }
        throw new BadInput("flavor", text, "openclaw, clawdbot, omniclaw or simulated");
    }

    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
