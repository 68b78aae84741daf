package io.gatefleet.allocator.lease;

import io.gatefleet.contract.host.HostFacts;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.lease.Refusal;
import io.gatefleet.contract.port.Footprint;
import io.gatefleet.contract.port.PortSet;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Where a footprint can go: the free ports as one asker has them. */
final class Placement {
    private final HostId host;
    private final LeaseRules rules;
    private final PortMap map;

    /**
     * @param asker whose own lease and rests are no obstacle; null: a stranger to the ledger
     * @param own guards here are the asker's
     */
    Placement(
            HostId host,
            List<Holding> holdings,
            List<Rest> rests,
            @Nullable InstanceId asker,
            @Nullable HostFacts facts,
            PortSet own,
            LeaseRules rules) {
        this.host = host;
        this.rules = rules;
        map = new PortMap(rules.pool());
        for (Holding holding : holdings) {
            if (!holding.instance().equals(asker)) {
                map.take(holding.lease());
            }
        }
        for (Rest rest : rests) {
            if (!rest.opensFor(asker)) {
                map.take(rest.ports());
            }
        }
        rules.reservations().forEach(reservation -> map.take(reservation.ports()));
        if (facts != null) {
            map.take(Foreign.kernel(facts, rules))
                    .take(Foreign.ports(facts, rules))
                    .take(facts.guards().minus(own));
        }
    }

    PortMap map() {
        return map;
    }

    /** The first of the wishes that fits, else the lowest place; empty where there is none. */
    OptionalInt base(Footprint footprint, List<Integer> wishes) {
        int highestBase = rules.highestBase(footprint);
        for (int wish : wishes) {
            if (map.fits(footprint, wish, highestBase)) {
                return OptionalInt.of(wish);
            }
        }
        return map.lowest(footprint, highestBase);
    }

    /** Why there is no place. */
    Refusal refusal(Footprint footprint) {
        int highestBase = rules.highestBase(footprint);
        if (new PortMap(rules.pool()).lowest(footprint, highestBase).isEmpty()) {
            return new Refusal.PoolTooNarrow(host, rules.pool(), footprint, highestBase);
        }
        PortSet free = map.free();
        return new Refusal.PoolExhausted(host, rules.pool(), footprint, free.size(), PortMap.widestGap(free));
    }
}
