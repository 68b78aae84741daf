package io.gatefleet.bench.server;

import java.nio.file.Path;

/**
 * A lease service that can be measured.
 *
 * @param system for example {@code etcd}
 * @param servers how many
 * @param durability what it promises to keep
 * @param reference not a lease service but a limit to measure against
 * @param starter starts it
 */
public record Contender(String system, int servers, Durability durability, boolean reference, Starter starter) {
    /** What a server has done with a change when it says that it took it. */
    public enum Durability {
        MEMORY("memory"),
        FSYNC("fsync"),
        NO_FSYNC("no fsync");

        private final String text;

        Durability(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** How it is started; blocks until it answers. */
    @FunctionalInterface
    public interface Starter {
        /** @param home an empty directory, which is removed afterwards */
        Site start(Path home) throws Exception;
    }

    /** What {@code --only} calls it, for example {@code etcd-3-nofsync}. */
    public String name() {
        return system + "-" + servers + (durability == Durability.NO_FSYNC ? "-nofsync" : "");
    }
}
