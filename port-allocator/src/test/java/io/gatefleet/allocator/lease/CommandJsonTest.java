package io.gatefleet.allocator.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.host.Listener.Reading;
import io.gatefleet.contract.instance.GuardState;
import io.gatefleet.contract.instance.Incarnation;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.lease.Lease;
import io.gatefleet.contract.lease.ReleaseLease;
import io.gatefleet.contract.lease.RenewLease;
import io.gatefleet.contract.port.PortSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ledgers, rules and commands travel between members as JSON. */
class CommandJsonTest {
    @ParameterizedTest
    @MethodSource("commands")
    void aCommandMeansTheSameAfterTheJourney(Command<?> command) {
        Command<?> arrived = Wire.LENIENT.read(Wire.LENIENT.write(command), Command.class);

        assertThat(arrived).isEqualTo(command);
    }

    static Stream<Command<?>> commands() {
        Mill mill = new Mill();
        mill.listens(20_000, Reading.UNKNOWN);
        Lease lease = mill.ask("main").lease();
        return Stream.of(
                new Command.Acquire(
                        mill.ask("main")
                                .rejects(lease, 18_791)
                                .claims(Mill.claim(lease, GuardState.HELD))
                                .question(),
                        7),
                new Command.Renew(new RenewLease(lease.holder(), new Incarnation(1), lease.fence(), GuardState.HELD)),
                new Command.Release(new ReleaseLease(lease.holder(), new Incarnation(1), true)),
                new Command.Lapse(new InstanceId("main"), 5, 6),
                new Command.EndRest(5),
                new Command.EndRecovery(6),
                new Command.Revoke(7));
    }

    @Test
    void aLedgerMeansTheSameAfterTheJourney() {
        Mill mill = new Mill();
        mill.listens(20_000, Reading.GATEWAY_LIKE);
        mill.confirmed("main");
        mill.lapse(mill.confirmed("rescue"));
        Lease offer = mill.ask("third").of(Mill.DENSE).lease();
        mill.ask("third").of(Mill.DENSE).rejects(offer, offer.base()).lease();
        mill.guards = PortSet.of(30_000);
        mill.ask("fourth").refusal();
        mill.space = Mill.OTHER_SPACE;
        mill.ask("fifth").refusal();

        HostLedger arrived = Wire.LENIENT.read(Wire.LENIENT.write(mill.ledger), HostLedger.class);

        assertThat(arrived).isEqualTo(mill.ledger);
        assertThat(arrived.recovery()).isNotNull();
        assertThat(arrived.challenger()).isNotNull();
        assertThat(arrived.rejects()).isNotEmpty();
    }

    @Test
    void rulesMeanTheSameAfterTheJourney() {
        Mill mill = new Mill();
        mill.reserve("database", "20000");

        assertThat(Wire.LENIENT.read(Wire.LENIENT.write(mill.rules()), LeaseRules.class))
                .isEqualTo(mill.rules());
    }
}
