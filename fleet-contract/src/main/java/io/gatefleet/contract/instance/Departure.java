package io.gatefleet.contract.instance;

import java.util.Optional;

/** An instance that said goodbye. */
public record Departure(InstanceKey instance, Incarnation incarnation, boolean portsClosed) implements Announcement {
    @Override
    public Optional<Beat> asBeat() {
        return Optional.empty();
    }
}
