package io.gatefleet.contract.instance;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of what a registry remembers, sorted by instance.
 *
 * @param more whether another page follows
 * @param learning whether the one who answers has just started and does not know the fleet yet; null: it does not say, as in
 *     the first version
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BookPage(
        List<Remembered> instances, boolean more, @Nullable Boolean learning) {
    public BookPage {
        instances = List.copyOf(instances);
    }
}
