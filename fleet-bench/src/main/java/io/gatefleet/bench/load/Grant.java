package io.gatefleet.bench.load;

/**
 * A range that a seat has.
 *
 * @param base its first port; it is {@link Seat#WIDTH} wide
 * @param proof what its system wants to see for a renewal
 */
public record Grant(Seat seat, int base, Object proof) {}
