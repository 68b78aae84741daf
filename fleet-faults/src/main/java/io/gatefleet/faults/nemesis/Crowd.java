package io.gatefleet.faults.nemesis;

import io.gatefleet.faults.KernelWatch;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a {@link CrowdMain} says, and what follows from it: where its nodes stand is watched in the kernel's tables from
 * when they say so until they are killed or drained.
 */
final class Crowd {
    private final String name;
    private final String host;
    private final KernelWatch watch;
    private final Consumer<String> trouble;
    private Words.Crowd last = Words.Crowd.NONE;
    private long lives;
    private long refusedGuards;
    private long saidAt;
    private Set<Integer> watched = Set.of();

    /** Whose last words may still come. */
    private long dead;

    private boolean ending;

    /** @param trouble is told what must not be */
    Crowd(String name, String host, KernelWatch watch, Consumer<String> trouble) {
        this.name = name;
        this.host = host;
        this.watch = watch;
        this.trouble = trouble;
    }

    String host() {
        return host;
    }

    /** From any thread. */
    synchronized void hear(String line) {
        Words.read(line, Words.Crowd.class)
                .filter(words -> !ending && words.pid() != dead)
                .ifPresent(words -> {
                    if (words.stops() > last.stops()) {
                        trouble.accept("%s: a node stopped its gateway (%d until now)".formatted(name, words.stops()));
                    }
                    last = words;
                    saidAt = System.nanoTime();
                    Set<Integer> now = new HashSet<>(words.bases());
                    watched.stream().filter(base -> !now.contains(base)).forEach(watch::forget);
                    // Whoever stands there: the process has a thousand sockets more, too many to ask it for each.
                    now.stream().filter(base -> !watched.contains(base)).forEach(watch::watchRange);
                    watched = now;
                });
    }

    /** Its process is about to end: nobody stands there any more. */
    synchronized void forget() {
        watched.forEach(watch::forget);
        watched = Set.of();
        lives += last.lives();
        refusedGuards += last.refusedGuards();
        dead = last.pid() == 0 ? dead : last.pid();
        last = Words.Crowd.NONE;
        saidAt = 0;
    }

    /** It is told to end, and what it says does not count any more. */
    synchronized void end() {
        forget();
        ending = true;
    }

    /** Where its nodes stand, as it said last. */
    synchronized List<Integer> bases() {
        return last.bases();
    }

    /** Whether it said so since then. */
    synchronized boolean saysThatAllStand(int nodes, long sinceNanos) {
        return saidAt > 0 && saidAt - sinceNanos > 0 && last.standing() == nodes;
    }

    /** Whole lives of passers-by, in all lives of the process. */
    synchronized long lives() {
        return lives + last.lives();
    }

    synchronized long refusedGuards() {
        return refusedGuards + last.refusedGuards();
    }
}
