package io.gatefleet.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.lease.ReservationBook;
import io.gatefleet.contract.lease.ReservationView;
import io.gatefleet.contract.port.PortSet;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReservationsTest {
    private static final HostId MILL = new HostId("mill");
    private static final HostId BARN = new HostId("barn");

    @TempDir
    private Path directory = Path.of("");

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() throws TimeoutException {
        await(vertx.close());
    }

    @Test
    void reservationsSurviveTheLossOfEveryProcess() throws TimeoutException {
        Path file = directory.resolve("deeper/reservations.json");
        Reservations before = open(file);
        assertThat(await(before.put(MILL, reservation("database", "20000-20010"))))
                .isTrue();
        assertThat(await(before.put(BARN, reservation("mail", "25")))).isTrue();
        assertThat(await(before.put(MILL, reservation("database", "20000-20020"))))
                .isFalse();

        Reservations after = open(file);

        assertThat(after.of(MILL)).containsExactly(reservation("database", "20000-20020"));
        assertThat(after.hosts()).containsExactly(BARN, MILL);
        assertThat(after.revision()).isEqualTo(3);
    }

    @Test
    void whatAnotherAllocatorToldIsKeptIfItIsNewer() throws TimeoutException {
        Reservations one = open(directory.resolve("one.json"));
        Reservations other = open(directory.resolve("other.json"));
        await(one.put(MILL, reservation("database", "20000-20010")));
        await(one.put(MILL, reservation("mail", "25")));
        await(other.put(BARN, reservation("late", "30000")));

        assertThat(await(other.learn(one.book()))).isTrue();
        assertThat(await(one.learn(other.book()))).as("the same already").isFalse();

        assertThat(open(directory.resolve("other.json")).book()).isEqualTo(one.book());
        assertThat(await(other.delete(MILL, "mail"))).isTrue();
        assertThat(await(one.learn(other.book()))).isTrue();
        assertThat(one.of(MILL)).containsExactly(reservation("database", "20000-20010"));
    }

    @Test
    void twoChangesAtTheSameTimeEndTheSameOnBoth() throws TimeoutException {
        Reservations one = open(null);
        Reservations other = open(null);
        await(one.put(MILL, reservation("database", "20000")));
        await(other.put(MILL, reservation("mail", "25")));
        ReservationBook told = one.book();

        await(one.learn(other.book()));
        await(other.learn(told));

        assertThat(one.book()).isEqualTo(other.book());
    }

    @Test
    void aReservationIsRemovedOnce() throws TimeoutException {
        Reservations reservations = open(directory.resolve("r.json"));
        await(reservations.put(MILL, reservation("database", "20000")));

        assertThat(await(reservations.delete(BARN, "database"))).isFalse();
        assertThat(await(reservations.delete(MILL, "database"))).isTrue();
        assertThat(await(reservations.delete(MILL, "database"))).isFalse();
        assertThat(open(directory.resolve("r.json")).of(MILL)).isEmpty();
    }

    @Test
    void withoutAFileTheyLiveAsLongAsTheProcess() throws TimeoutException {
        Reservations reservations = open(null);
        await(reservations.put(MILL, reservation("database", "20000")));

        assertThat(reservations.of(MILL)).hasSize(1);
    }

    @Test
    void aChangeThatCannotBeWrittenDoesNotShow() throws TimeoutException, IOException {
        Path file = directory.resolve("r.json");
        Reservations reservations = open(file);
        await(reservations.put(MILL, reservation("database", "20000")));
        // A directory in the new file's place stops every user, root too.
        Files.createDirectory(directory.resolve("r.json.next"));

        assertThatThrownBy(() -> await(reservations.put(MILL, reservation("mail", "25"))))
                .isInstanceOf(IOException.class);

        assertThat(reservations.of(MILL)).containsExactly(reservation("database", "20000"));
        assertThat(open(file).of(MILL)).containsExactly(reservation("database", "20000"));
    }

    @Test
    void aFileThatCannotBeReadStopsTheStartAndIsNamed() throws IOException {
        Path file = directory.resolve("r.json");
        Files.writeString(file, "{\"revision\": 1, \"reservations\": [{\"host\": \"mill\"}]}");

        assertThatThrownBy(() -> open(file)).isInstanceOfSatisfying(BadInput.class, bad -> assertThat(bad.name())
                .startsWith(file.toString())
                .endsWith("reservations[0].reservation"));
        assertThat(file).hasContent("{\"revision\": 1, \"reservations\": [{\"host\": \"mill\"}]}");
    }

    @Test
    void aHalfWrittenNextFileIsIgnored() throws TimeoutException, IOException {
        Path file = directory.resolve("r.json");
        await(open(file).put(MILL, reservation("database", "20000")));
        Files.writeString(directory.resolve("r.json.next"), "{\"revi");

        Reservations after = open(file);

        assertThat(after.of(MILL)).hasSize(1);
        await(after.put(MILL, reservation("mail", "25")));
        assertThat(open(file).of(MILL)).hasSize(2);
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void changesAtTheSameTimeAreAllKept() throws TimeoutException {
        Path file = directory.resolve("r.json");
        Reservations reservations = open(file);
        List<Future<Boolean>> changes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            changes.add(reservations.put(MILL, reservation("r" + i, Integer.toString(20_000 + i))));
        }
        await(Future.all(changes));

        assertThat(open(file).of(MILL)).hasSize(40);
    }

    @Test
    void oneHostCannotFillTheFile() throws TimeoutException {
        Reservations reservations = open(null);
        for (int i = 0; i < Reservations.MOST_PER_HOST; i++) {
            await(reservations.put(MILL, reservation("r" + i, "20000")));
        }

        assertThatThrownBy(() -> await(reservations.put(MILL, reservation("more", "20000"))))
                .isInstanceOf(BadInput.class);
        assertThat(await(reservations.put(MILL, reservation("r5", "20001")))).isFalse();
        assertThat(await(reservations.put(BARN, reservation("more", "20000")))).isTrue();
    }

    private Reservations open(@Nullable Path file) throws TimeoutException {
        return await(Reservations.open(vertx, file));
    }

    private static ReservationView reservation(String name, String ports) {
        return new ReservationView(name, PortSet.parse(ports), "");
    }

    private static <T> T await(Future<T> future) throws TimeoutException {
        return future.await(10, TimeUnit.SECONDS);
    }
}
