package io.gatefleet.faults.command;

import io.gatefleet.faults.NodeProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Cases that share one fleet, each of which begins with a gateway that is ready. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class OnACommandedFleet {
    @SuppressWarnings("NullAway.Init")
    CommandedFleet fleet;

    @SuppressWarnings("NullAway.Init")
    Operator operator;

    @SuppressWarnings("NullAway.Init")
    NodeProcess node;

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        fleet = CommandedFleet.start(home);
        operator = fleet.operator();
        node = fleet.node();
    }

    @AfterAll
    void end() throws Exception {
        fleet.close();
    }

    @BeforeEach
    void theGatewayRuns() {
        fleet.becomesReady();
    }
}
