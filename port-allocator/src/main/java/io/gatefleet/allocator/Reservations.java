package io.gatefleet.allocator;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.bus.Wire;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.lease.ReservationBook;
import io.gatefleet.contract.lease.ReservationView;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The ports that operators keep out of the pools, host by host. Kept in a file, so that they survive the loss of every
 * process: nobody else remembers them, as nodes remember their leases. A change shows only once it is on the disk.
 */
final class Reservations {
    static final int MOST_PER_HOST = 256;

    private final Vertx vertx;
    private final @Nullable Path file;
    private volatile ReservationBook book;

    private Reservations(Vertx vertx, @Nullable Path file, ReservationBook book) {
        this.vertx = vertx;
        this.file = file;
        this.book = book;
    }

    /** Reads the file; a missing one is empty. Fails when it cannot be read: to forget reservations would be worse. */
    static Future<Reservations> open(Vertx vertx, @Nullable Path file) {
        return vertx.executeBlocking(
                () -> new Reservations(vertx, file, file == null ? ReservationBook.EMPTY : read(file)));
    }

    List<ReservationView> of(HostId host) {
        return book.reservations().stream()
                .filter(entry -> entry.host().equals(host))
                .map(ReservationBook.Entry::reservation)
                .toList();
    }

    Optional<ReservationView> of(HostId host, String name) {
        return of(host).stream()
                .filter(reservation -> reservation.name().equals(name))
                .findFirst();
    }

    Set<HostId> hosts() {
        Set<HostId> hosts = new TreeSet<>();
        book.reservations().forEach(entry -> hosts.add(entry.host()));
        return hosts;
    }

    /** Grows with every change. */
    long revision() {
        return book.revision();
    }

    /** Adds or replaces; true if the name is new on that host. */
    Future<Boolean> put(HostId host, ReservationView reservation) {
        return change(() -> {
            List<ReservationBook.Entry> entries = new ArrayList<>(book.reservations());
            boolean known = entries.removeIf(entry -> is(entry, host, reservation.name()));
            if (of(host).size() >= MOST_PER_HOST && !known) {
                throw new BadInput(
                        "name", reservation.name(), "at most " + MOST_PER_HOST + " reservations on one host");
            }
            entries.add(new ReservationBook.Entry(host, reservation));
            entries.sort(Comparator.comparing(ReservationBook.Entry::host)
                    .thenComparing(entry -> entry.reservation().name()));
            keep(entries);
            return !known;
        });
    }

    /** Removes; false if there was none of that name. */
    Future<Boolean> delete(HostId host, String name) {
        return change(() -> {
            List<ReservationBook.Entry> entries = new ArrayList<>(book.reservations());
            if (!entries.removeIf(entry -> is(entry, host, name))) {
                return false;
            }
            keep(entries);
            return true;
        });
    }

    private Future<Boolean> change(Callable<Boolean> step) {
        return vertx.executeBlocking(() -> {
            synchronized (this) {
                return step.call();
            }
        });
    }

    /** What stands here, for the other allocators. */
    ReservationBook book() {
        return book;
    }

    /**
     * Takes over what another allocator told, if it is newer; two changes that were made at the same time on two of them
     * are settled the same way on all, and one is lost. True if it was taken over, and is on the disk.
     */
    Future<Boolean> learn(ReservationBook told) {
        return isNewer(told)
                ? change(() -> {
                    boolean newer = isNewer(told);
                    if (newer) {
                        replace(told);
                    }
                    return newer;
                })
                : Future.succeededFuture(false);
    }

    private boolean isNewer(ReservationBook told) {
        ReservationBook known = book;
        return told.revision() > known.revision()
                || (told.revision() == known.revision()
                        && told.reservations()
                                        .toString()
                                        .compareTo(known.reservations().toString())
                                > 0);
    }

    private static boolean is(ReservationBook.Entry entry, HostId host, String name) {
        return entry.host().equals(host) && entry.reservation().name().equals(name);
    }

    private void keep(List<ReservationBook.Entry> entries) throws IOException {
        replace(new ReservationBook(book.revision() + 1, entries));
    }

    private void replace(ReservationBook next) throws IOException {
        if (file != null) {
            write(file, next);
        }
        book = next;
    }

    private static ReservationBook read(Path file) {
        byte[] json;
        try {
            json = Files.readAllBytes(file);
        } catch (NoSuchFileException none) {
            return ReservationBook.EMPTY;
        } catch (IOException cause) {
            throw new UncheckedIOException("reservations file " + file + " cannot be read", cause);
        }
        try {
            return Wire.STRICT.read(json, ReservationBook.class);
        } catch (BadInput bad) {
            throw bad.in(file.toString());
        }
    }

    /** The old file or the new one, whenever the power fails; never a half. */
    private static void write(Path file, ReservationBook book) throws IOException {
        Path directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElseThrow();
        Files.createDirectories(directory);
        Path next = directory.resolve(file.getFileName() + ".next");
        try (FileChannel out = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer json = ByteBuffer.wrap(Wire.STRICT.write(book).getBytes());
            while (json.hasRemaining()) {
                out.write(json);
            }
            out.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
            entry.force(true);
        }
    }
}
