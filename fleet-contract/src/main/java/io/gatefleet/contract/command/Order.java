package io.gatefleet.contract.command;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.gatefleet.contract.BadInput;

/** What a node is to do with its instance. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Order.Restart.class, name = "restart"),
    @JsonSubTypes.Type(value = Order.Stop.class, name = "stop"),
    @JsonSubTypes.Type(value = Order.Drain.class, name = "drain"),
    @JsonSubTypes.Type(value = Order.Start.class, name = "start"),
    @JsonSubTypes.Type(value = Order.Cordon.class, name = "cordon"),
    @JsonSubTypes.Type(value = Order.Uncordon.class, name = "uncordon"),
    @JsonSubTypes.Type(value = Order.Maintenance.class, name = "maintenance"),
    @JsonSubTypes.Type(value = Order.LogTail.class, name = "log-tail")
})
public sealed interface Order {
    /** The word that it has on the wire. */
    @JsonIgnore
    String kind();

    /** Let the gateway finish its work, end it, start it again on the same lease. */
    record Restart() implements Order {
        @Override
        public String kind() {
            return "restart";
        }
    }

    /** End the gateway within seconds, and leave it stopped. Lease and guard are kept. */
    record Stop() implements Order {
        @Override
        public String kind() {
            return "stop";
        }
    }

    /** Let the gateway finish its work within its drain budget, end it, and leave it so. Lease and guard are kept. */
    record Drain() implements Order {
        @Override
        public String kind() {
            return "drain";
        }
    }

    /** Start the gateway, and keep it running. */
    record Start() implements Order {
        @Override
        public String kind() {
            return "start";
        }
    }

    /** Leave a gateway that runs alone, and do not start it again once it ended. */
    record Cordon() implements Order {
        @Override
        public String kind() {
            return "cordon";
        }
    }

    /** Take the cordon back; a gateway that is meant to run and does not is started. */
    record Uncordon() implements Order {
        @Override
        public String kind() {
            return "uncordon";
        }
    }

    /** Expect the instance to be down: what is wrong with it is no problem of the fleet's while this is on. */
    record Maintenance(boolean on) implements Order {
        @Override
        public String kind() {
            return "maintenance";
        }
    }

    /**
     * Tell the end of what the gateway printed, without secrets.
     *
     * @param lines 1 to 500
     */
    record LogTail(int lines) implements Order {
        public static final int MOST_LINES = 500;

        public LogTail {
            if (lines < 1 || lines > MOST_LINES) {
                throw new BadInput("lines", lines, "1 to " + MOST_LINES);
            }
        }

        @Override
        public String kind() {
            return "log-tail";
        }
    }
}
