package io.gatefleet.contract.instance;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.gatefleet.contract.BadInput;
import java.util.Locale;

/**
 * What operators want of an instance. Kept by its node on its own disk, so that it survives the loss of everything else.
 *
 * @param run whether its gateway is to run
 * @param cordoned a gateway that runs goes on; one that ended is not started again
 * @param maintenance expected to be down: what is wrong with it is no problem of the fleet's
 */
public record DesiredState(Run run, boolean cordoned, boolean maintenance) {
    /** What every instance begins with. */
    public static final DesiredState RUNNING = new DesiredState(Run.RUNNING, false, false);

    /** Whether a gateway is to run. */
    public enum Run {
        RUNNING,
        /** It finished its work and was ended, and stays so. */
        DRAINED,
        /** It was ended, and stays so. */
        STOPPED;

        @JsonCreator
        public static Run parse(String text) {
            for (Run run : values()) {
                if (run.toString().equals(text)) {
                    return run;
                }
            }
            throw new BadInput("run", text, "running, drained or stopped");
        }

        @JsonValue
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public DesiredState with(Run other) {
        return new DesiredState(other, cordoned, maintenance);
    }

    public DesiredState withCordon(boolean on) {
        return new DesiredState(run, on, maintenance);
    }

    public DesiredState withMaintenance(boolean on) {
        return new DesiredState(run, cordoned, on);
    }
}
