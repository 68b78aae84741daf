package io.gatefleet.history;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Somebody else writes that file: two writers would rotate each other's lines away. The message is for the operator. */
public final class FileInUse extends IOException {
    private static final long serialVersionUID = 1L;

    FileInUse(Path file, OptionalLong pid) {
        super("%s is being written by %s (expected: a file of this process alone)"
                .formatted(file, pid.isPresent() ? "process " + pid.getAsLong() : "another process"));
    }
}
