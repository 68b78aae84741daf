package io.gatefleet.runtime;

import java.util.Optional;
import java.util.function.Supplier;

/** Why a service cannot take work now, in one sentence; empty when it can. Asked on the event loop: must not block. */
@FunctionalInterface
public interface Readiness extends Supplier<Optional<String>> {
    /** For services that are ready as soon as they listen. */
    Readiness ALWAYS = Optional::empty;
}
