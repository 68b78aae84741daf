package io.gatefleet.contract.lease;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortSet;
import org.jspecify.annotations.Nullable;

/**
 * The lease that an instance had. With the guard held it is an assertion: the instance stands there. Without, a wish.
 *
 * @param base the first port it had
 * @param footprint what it had
 * @param fence of that lease; a new ledger starts above the largest one asserted
 * @param guard whether the node holds the guard of it now
 * @param standing whether a living gateway of the instance stands there, guarded or not; null: no. Standing without guard,
 *     it is answered with a claim conflict where another instance's lease is confirmed there
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Claim(
        int base,
        Footprint footprint,
        long fence,
        GuardState guard,
        @Nullable Boolean standing) {
    public Claim {
        footprint.checkAt(base);
    }

    /** A claim of a range where no gateway stands. */
    public Claim(int base, Footprint footprint, long fence, GuardState guard) {
        this(base, footprint, fence, guard, null);
    }

    @JsonIgnore
    public PortSet ports() {
        return footprint.at(base);
    }
}
