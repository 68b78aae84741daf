package io.gatefleet.runtime.access;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.instance.InstanceKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom a service knows: what its access files say, read again when they change. Where there are none, access is off and
 * everybody may do everything; HTTP edges then listen on loopback only.
 */
public final class Access {
    private static final Logger log = LoggerFactory.getLogger(Access.class);

    private static final Access OFF = new Access(null, true);

    private final @Nullable AccessFiles files;
    private final boolean metersOpen;
    private volatile @Nullable AccessBook book;
    private List<Object> stamp = List.of();

    private Access(@Nullable AccessFiles files, boolean metersOpen) {
        this.files = files;
        this.metersOpen = metersOpen;
    }

    /** For one machine. */
    public static Access off() {
        return OFF;
    }

    /**
     * By the files in a directory. Blocks.
     *
     * @param metersOpen whether {@code /metrics} needs no token
     * @throws BadInput if they cannot be used
     */
    public static Access by(Path directory, boolean metersOpen) {
        AccessFiles files = new AccessFiles(directory);
        if (!Files.isRegularFile(files.tokens())) {
            throw new BadInput(
                    "access-dir",
                    directory,
                    "a directory with a file \"tokens\"; make one with: gatefleet token new --access-dir " + directory
                            + " --role admin --name YOURS");
        }
        Access access = new Access(files, metersOpen);
        try {
            access.stamp = files.stamp();
            access.book = files.read();
        } catch (IOException cause) {
            throw new BadInput("access-dir", directory, "files that can be read; " + cause);
        }
        return access;
    }

    public boolean isOff() {
        return files == null;
    }

    /** What a route really needs, as the operator decided. */
    public Needs effective(Needs declared) {
        return declared != Needs.METRICS ? declared : metersOpen ? Needs.NOTHING : Needs.READ;
    }

    /** @param token as it was shown, or null */
    public Caller recognise(@Nullable String token) {
        AccessBook now = book;
        return now == null ? Caller.NOBODY : now.recognise(token);
    }

    /** A token for a node that needs one, to be told to it and nobody else. */
    public Optional<String> tokenFor(Caller caller, InstanceKey instance, long epochMillis) {
        AccessBook now = book;
        return now == null ? Optional.empty() : now.tokenFor(caller, instance, epochMillis);
    }

    /** Whether nodes can be given tokens here, or need none. */
    public boolean letsNodesIn() {
        AccessBook now = book;
        return now == null || now.makesNodeTokens();
    }

    /**
     * Reads the files again if they changed; what cannot be used is said in the log, and what was known stays. Blocks; one
     * thread at a time.
     *
     * @return whether somebody else may be known now
     */
    public boolean refresh() {
        AccessFiles from = files;
        if (from == null) {
            return false;
        }
        try {
            List<Object> now = from.stamp();
            if (now.equals(stamp)) {
                return false;
            }
            stamp = now;
            AccessBook read = from.read();
            book = read;
            log.info("access files of {} read again: {}", from.directory(), read);
            return true;
        } catch (IOException | BadInput cause) {
            log.error(
                    "access files of {} cannot be used, so the ones before stay in force: {}",
                    from.directory(),
                    cause.getMessage());
            return false;
        }
    }
}
