package io.gatefleet.registry.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.service.ServicePresence;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceBookTest {
    private static final ServicePresence ALLOCATOR = presence("a", "port-allocator", 7801);
    private static final ServicePresence REGISTRY = presence("r", "registry-service", 7800);

    private static final long EVERY = 1_000;

    /** Clocks of this kind begin anywhere. */
    private static final long START = -5;

    private final ServiceBook book = new ServiceBook(START, EVERY);

    @Test
    void aListIsNotWholeBeforeEverybodyCouldSpeakTwice() {
        book.hear(REGISTRY, START);

        assertThat(book.missing(List.of("r"), START + 2 * EVERY - 1))
                .hasValueSatisfying(why -> assertThat(why).contains("just begun"));
        assertThat(book.missing(List.of("r"), START + 2 * EVERY)).isEmpty();
    }

    @Test
    void aListIsWholeWhenEveryMemberHasSpoken() {
        long later = START + 2 * EVERY;
        book.hear(REGISTRY, later);
        assertThat(book.missing(List.of("a", "r"), later))
                .hasValueSatisfying(why -> assertThat(why).startsWith("1 of 2 members"));

        book.hear(ALLOCATOR, later);

        assertThat(book.missing(List.of("a", "r"), later)).isEmpty();
        assertThat(book.present(List.of("a", "r"), later)).containsExactly(ALLOCATOR, REGISTRY);
    }

    @Test
    void servicesOfOneMemberAreToldApart() {
        ServicePresence other = presence("a", "health-aggregator", 7802);
        book.hear(ALLOCATOR, 0);
        book.hear(other, 0);

        assertThat(book.present(List.of("a"), 1)).containsExactly(other, ALLOCATOR);
    }

    @Test
    void aServiceThatMovedIsWhereItSaidLast() {
        book.hear(ALLOCATOR, 0);
        book.hear(presence("a", "port-allocator", 9801), 1);

        assertThat(book.present(List.of("a"), 2)).containsExactly(presence("a", "port-allocator", 9801));
    }

    @Test
    void whoseMemberIsGoneOrWhoFellSilentIsNotThere() {
        book.hear(ALLOCATOR, 0);
        book.hear(REGISTRY, 0);

        assertThat(book.present(List.of("r"), 1)).containsExactly(REGISTRY);
        assertThat(book.present(List.of("r"), ServiceBook.FORGET_NANOS)).containsExactly(REGISTRY);
        assertThat(book.present(List.of("r"), ServiceBook.FORGET_NANOS + 1)).isEmpty();
    }

    private static ServicePresence presence(String member, String service, int port) {
        return new ServicePresence(member, service, "10.0.0.1", port, false);
    }
}
