package io.gatefleet.node.gateway;

import io.gatefleet.contract.instance.GatewayReport.Finding;
import io.gatefleet.contract.instance.GatewayReport.Probe;
import io.gatefleet.node.gateway.Answer.Hello;
import io.gatefleet.node.gateway.Answer.Identity;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the probes of one life of a gateway's process say together. Pure; belongs to one thread. */
final class Pulse {
    static final String WRONG_GATEWAY = "wrong-gateway";
    static final String TOKEN_REFUSED = "token-refused";

    /** A bad answer alone is none: the gateway restarts inside its process, or the machine is busy. */
    private static final int MOST_BAD = 2;

    private @Nullable Probe probe;
    private @Nullable String version;
    private @Nullable String bootId;
    private @Nullable Long uptimeMillis;
    private boolean introduced;
    private int badInARow;
    private int restarts;

    /** @param version as the program on disk says it, until the gateway says another */
    Pulse(@Nullable String version) {
        this.version = version;
    }

    /**
     * Takes an answer.
     *
     * @param wrong set where another process than the instance's gateway gave it: that is no matter of counting
     */
    void take(Answer answer, Optional<Finding> wrong) {
        boolean live = answer.live() && wrong.isEmpty();
        badInARow = live ? 0 : badInARow + 1;
        String detail = wrong.map(Finding::detail).orElse(answer.trouble());
        Probe before = probe;
        if (!live && wrong.isEmpty() && before != null && before.live() && badInARow < MOST_BAD) {
            probe = new Probe(true, before.ready(), before.failing(), detail, answer.tookMillis(), badInARow);
        } else {
            probe = new Probe(live, live && answer.ready(), answer.failing(), detail, answer.tookMillis(), badInARow);
        }
        if (live) {
            identify(answer);
        } else {
            introduced = false;
        }
    }

    private void identify(Answer answer) {
        Identity identity = answer.identity();
        version = identity.version() == null ? version : identity.version();
        Long before = uptimeMillis;
        uptimeMillis = answer.uptimeMillis();
        // It restarts inside its process in 3 s: between two probes, if they are 5 s apart.
        boolean younger = before != null && uptimeMillis != null && uptimeMillis < before;
        introduced = identity.hello() == Hello.ACCEPTED || (introduced && !younger);
        if (identity.bootId() != null) {
            if (bootId != null && !bootId.equals(identity.bootId())) {
                restarts++;
            }
            bootId = identity.bootId();
        }
    }

    /** Whether the next probe should ask who it is: it did not say since its last sign of a restart. */
    boolean wantsIdentity() {
        return !introduced;
    }

    /** What is wrong with who answered; empty: nothing that is known. */
    static Optional<Finding> finding(Answer answer, Optional<Finding> wrong) {
        return answer.identity().hello() == Hello.REFUSED && wrong.isEmpty()
                ? Optional.of(new Finding(
                        TOKEN_REFUSED,
                        "the gateway refuses this instance's token, so it reads another gateway.auth.token than the one "
                                + "that was written for it; restart the instance."))
                : wrong;
    }

    /** As it is believed; null before the first answer. */
    @Nullable
    Probe probe() {
        return probe;
    }

    @Nullable
    String version() {
        return version;
    }

    @Nullable
    String bootId() {
        return bootId;
    }

    /** Bad answers since the last good one. */
    int badInARow() {
        return badInARow;
    }

    /** How often it began anew inside its process, as far as its names for its lives tell. */
    int restartsInProcess() {
        return restarts;
    }
}
