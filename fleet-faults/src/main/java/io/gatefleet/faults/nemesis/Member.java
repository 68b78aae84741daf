package io.gatefleet.faults.nemesis;

import io.gatefleet.faults.ClusteredPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A member of the control plane. */
final class Member implements Player {
    private final ClusteredPlane plane;
    private final int number;
    private final Path log;
    private boolean started;

    /** @param log gets what its lives said, when they are over */
    Member(ClusteredPlane plane, int number, Path log) {
        this.plane = plane;
        this.number = number;
        this.log = log;
    }

    @Override
    public void start() throws IOException {
        if (!isAlive()) {
            keepLog();
            plane.start(number);
            started = true;
        }
    }

    /** Of the life that is over. */
    void keepLog() throws IOException {
        if (started) {
            Files.write(log, plane.member(number).log(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    @Override
    public void pause() throws IOException, InterruptedException {
        plane.pause(number);
    }

    @Override
    public void wake() throws IOException, InterruptedException {
        plane.resume(number);
    }

    @Override
    public void kill() throws InterruptedException {
        plane.kill(number);
    }

    @Override
    public void restart() throws IOException, InterruptedException {
        keepLog();
        plane.restart(number);
        plane.isReady(number);
    }

    @Override
    public void tell() {
        plane.member(number).tell();
    }

    @Override
    public boolean isAlive() {
        return plane.isAlive(number);
    }

    @Override
    public long pid() {
        return isAlive() ? plane.member(number).process().pid() : 0;
    }

    boolean isReady() {
        return plane.saysReady(number);
    }
}
