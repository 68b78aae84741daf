package io.gatefleet.runtime.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.runtime.access.FailureLimit.Outcome;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureLimitTest {
    private final FailureLimit limit = new FailureLimit();

    @Test
    void aBurstIsCountedThenOneWordThenNothingUntilTimePasses() {
        for (int i = 0; i < 20; i++) {
            assertThat(limit.failed("192.0.2.1", 0)).isEqualTo(Outcome.COUNTED);
        }
        assertThat(limit.failed("192.0.2.1", 0)).isEqualTo(Outcome.LAST_WORD);
        assertThat(limit.failed("192.0.2.1", 1)).isEqualTo(Outcome.TOO_MANY);
        assertThat(limit.failed("192.0.2.2", 1)).as("another address").isEqualTo(Outcome.COUNTED);

        long later = TimeUnit.SECONDS.toNanos(FailureLimit.retryAfterSeconds()) + 2;
        assertThat(limit.failed("192.0.2.1", later)).isEqualTo(Outcome.COUNTED);
        assertThat(limit.failed("192.0.2.1", later)).isEqualTo(Outcome.LAST_WORD);
    }

    @Test
    void aHundredThousandAddressesTakeTheRoomOfFourThousand() {
        for (int i = 0; i < 100_000; i++) {
            limit.failed("10.%d.%d.%d".formatted(i >> 16, (i >> 8) & 255, i & 255), i);
        }
        assertThat(limit.addresses()).isEqualTo(4096);
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8::1,           2001:db8::ffff:1,   true",
        "2001:db8:0:1::1,       2001:db8:0:2::1,    false",
        "192.0.2.1,             192.0.2.2,          false",
        "fe80::1%eth0,          fe80::2%eth1,       true",
        "::ffff:192.0.2.1,      ::ffff:192.0.2.2,   false"
    })
    void inIpv6ANetworkCountsAsOne(String one, String other, boolean same) {
        assertThat(FailureLimit.network(one).equals(FailureLimit.network(other)))
                .isEqualTo(same);
    }
}
