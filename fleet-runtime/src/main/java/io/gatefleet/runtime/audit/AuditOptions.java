package io.gatefleet.runtime.audit;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options of a service that keeps an audit log. */
public final class AuditOptions {
    @Option(
            names = "--audit",
            paramLabel = "FILE",
            defaultValue = "${GATEFLEET_AUDIT:-}",
            description = "write down who asked what of whom, and what came of it; a file of this process alone")
    private String file = "";

    /** The log that was asked for; {@link AuditLog#NONE} where none was. Blocks. */
    public AuditLog open(String service) throws IOException {
        return file.isBlank() ? AuditLog.NONE : AuditLog.open(Path.of(file), service);
    }
}
