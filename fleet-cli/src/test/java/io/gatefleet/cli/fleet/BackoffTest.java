package io.gatefleet.cli.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff();

    @Test
    void thePauseDoublesUpToHalfAMinute() {
        assertThat(IntStream.range(0, 8)
                        .mapToObj(i -> backoff.after(Duration.ofSeconds(2)).toSeconds()))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
    }

    @Test
    void aLongLifeIsForgivenItsPast() {
        IntStream.range(0, 5).forEach(i -> backoff.after(Duration.ofSeconds(2)));

        assertThat(backoff.after(Duration.ofMinutes(1))).isEqualTo(Duration.ofSeconds(1));
        assertThat(backoff.after(Duration.ofSeconds(2))).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aThousandCrashesDoNotOverflow() {
        IntStream.range(0, 1_000).forEach(i -> backoff.after(Duration.ZERO));

        assertThat(backoff.after(Duration.ZERO)).isEqualTo(Duration.ofSeconds(30));
    }
}
