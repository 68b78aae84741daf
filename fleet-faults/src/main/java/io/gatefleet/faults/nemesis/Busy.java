package io.gatefleet.faults.nemesis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much the machine's processors did, for whomever. */
record Busy(long worked, long all) {
    static Busy now() throws IOException {
        String[] fields =
                Files.readAllLines(Path.of("/proc/stat")).get(0).trim().split(" +", -1);
        long all = 0;
        // user, nice, system, idle, iowait, irq, softirq, steal; guests are in user
        for (int field = 1; field <= 8; field++) {
            all += Long.parseLong(fields[field]);
        }
        long idle = Long.parseLong(fields[4]) + Long.parseLong(fields[5]);
        return new Busy(all - idle, all);
    }

    /** Cores that worked on average from then until now. */
    double since() throws IOException {
        Busy now = now();
        return now.all == all
                ? 0
                : (double) (now.worked - worked)
                        / (now.all - all)
                        * Runtime.getRuntime().availableProcessors();
    }
}
