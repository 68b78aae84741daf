package io.gatefleet.contract.instance;

import java.util.List;

/**
 * A part of what a registry remembers, sorted by instance.
 *
 * @param more whether another page follows
 */
public record BookPage(List<Remembered> instances, boolean more) {
    public BookPage {
        instances = List.copyOf(instances);
    }
}
