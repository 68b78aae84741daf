package io.gatefleet.faults;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * Which members a control plane has, where each stands, and how patient they are.
 *
 * @param allocators at least one
 * @param registries at least one
 * @param term of leases
 * @param restReleased how long a range rests that was given back unproven
 * @param allocatorOptions further ones, for example {@code --sweep PT0.5S}
 */
public record PlaneShape(
        List<Place> allocators,
        List<Place> registries,
        Duration term,
        Duration restReleased,
        List<String> allocatorOptions) {
    public PlaneShape {
        allocators = List.copyOf(allocators);
        registries = List.copyOf(registries);
        allocatorOptions = List.copyOf(allocatorOptions);
        if (allocators.isEmpty() || registries.isEmpty()) {
            throw new IllegalArgumentException("members: %d allocators, %d registries (expected: one or more of each)"
                    .formatted(allocators.size(), registries.size()));
        }
    }

    /** All on loopback; a term of 8 s, and 2 s of rest. */
    public static PlaneShape onLoopback(int allocators, int registries) {
        return at(Collections.nCopies(allocators, Place.HERE), Collections.nCopies(registries, Place.HERE));
    }

    public static PlaneShape at(List<Place> allocators, List<Place> registries) {
        return new PlaneShape(allocators, registries, Duration.ofSeconds(8), Duration.ofSeconds(2), List.of());
    }

    public PlaneShape withTerm(Duration otherTerm) {
        return new PlaneShape(allocators, registries, otherTerm, restReleased, allocatorOptions);
    }

    public PlaneShape withRestReleased(Duration rest) {
        return new PlaneShape(allocators, registries, term, rest, allocatorOptions);
    }

    public PlaneShape withAllocatorOptions(String... options) {
        return new PlaneShape(allocators, registries, term, restReleased, List.of(options));
    }

    int size() {
        return allocators.size() + registries.size();
    }

    boolean isAllocator(int member) {
        return member < allocators.size();
    }

    Place place(int member) {
        return isAllocator(member) ? allocators.get(member) : registries.get(member - allocators.size());
    }
}
