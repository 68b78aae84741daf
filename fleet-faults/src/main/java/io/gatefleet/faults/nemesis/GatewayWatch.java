package io.gatefleet.faults.nemesis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Asks the kernel again and again whether the processes of gateways live: pid and start time, so that no other process with
 * the same number is taken for one. Once watched, a gateway must not end before the watch does.
 */
final class GatewayWatch implements AutoCloseable {
    private static final int EVERY_MILLIS = 200;
    private static final int STATE = 0;
    private static final int START_TIME = 19;

    private final Map<Long, String> startTimes = new ConcurrentHashMap<>();
    private final Map<Long, String> names = new ConcurrentHashMap<>();
    private final Consumer<String> trouble;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> looking;

    /** @param trouble is told which one is gone, once for each */
    GatewayWatch(Consumer<String> trouble) {
        this.trouble = trouble;
        looking = thread.scheduleWithFixedDelay(this::look, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** @throws IOException if it is gone already */
    void watch(String name, long pid) throws IOException {
        names.put(pid, name);
        startTimes.put(pid, stat(pid).get(START_TIME));
    }

    int watched() {
        return names.size();
    }

    private void look() {
        startTimes.forEach((pid, startTime) -> {
            String found;
            try {
                List<String> stat = stat(pid);
                found = stat.get(STATE).matches("[ZX]")
                        ? "it has ended"
                        : stat.get(START_TIME).equals(startTime) ? "" : "another process has its number";
            } catch (IOException gone) {
                found = "it is gone";
            }
            if (!found.isEmpty()) {
                startTimes.remove(pid);
                trouble.accept("the gateway of %s, pid %d, was stopped: %s".formatted(names.get(pid), pid, found));
            }
        });
    }

    /** The fields after the command's name, which may hold anything. */
    private static List<String> stat(long pid) throws IOException {
        String text = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return List.of(text.substring(text.lastIndexOf(')') + 2).split(" ", -1));
    }

    @Override
    public void close() {
        looking.cancel(false);
        thread.shutdown();
    }
}
