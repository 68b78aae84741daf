package io.gatefleet.doctor.census;

import io.gatefleet.contract.host.Listener;
import io.gatefleet.contract.instance.Flavor;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A gateway: one that runs, one that a unit would start, or one whose configuration lies ready.
 *
 * @param name unique in the census, for example {@code openclaw:rescue}
 * @param flavor the family
 * @param profile the named profile; null for the default one
 * @param version as its package, unit or configuration says it; null: nobody says
 * @param user who owns its state
 * @param home the HOME that it uses
 * @param state its state directory
 * @param config its configuration file
 * @param settings what that file says
 * @param trouble why the file could not be read or understood; null: it was, or there is none
 * @param workspaces where its agents work
 * @param confidential files and directories that only their owner may read, those that exist
 * @param environment variables of its process, or of its unit, or of the {@code .env} in its state
 * @param flags how it is started, as far as that can still be seen
 * @param unit what starts it at boot; null: nothing
 * @param pid of its process, the one that listens: of a launcher and its child the child; null: it does not run
 * @param listeners TCP ports that its process and that process' children listen on
 * @param lockedPort the port that its own lock file names for the running process; null: none does
 * @param leased whether Gatefleet runs it: a node guards its port
 * @param tokensDiffer whether the configuration and the environment hold different tokens
 */
public record Gateway(
        String name,
        Flavor flavor,
        @Nullable String profile,
        @Nullable String version,
        String user,
        String home,
        Place state,
        Place config,
        Settings settings,
        @Nullable String trouble,
        List<Place> workspaces,
        List<Place> confidential,
        Environment environment,
        Flags flags,
        @Nullable Unit unit,
        @Nullable Integer pid,
        List<Listener> listeners,
        @Nullable Integer lockedPort,
        boolean leased,
        boolean tokensDiffer) {
    public Gateway {
        workspaces = List.copyOf(workspaces);
        confidential = List.copyOf(confidential);
        listeners = List.copyOf(listeners);
    }

    /** The same gateway under another name. */
    public Gateway called(String newName) {
        return new Gateway(
                newName,
                flavor,
                profile,
                version,
                user,
                home,
                state,
                config,
                settings,
                trouble,
                workspaces,
                confidential,
                environment,
                flags,
                unit,
                pid,
                listeners,
                lockedPort,
                leased,
                tokensDiffer);
    }

    public boolean runs() {
        return pid != null;
    }

    /** {@code pid 812}, or the unit, or the configuration: what a person looks at to find it. */
    public String whereabouts() {
        return Optional.ofNullable(pid)
                .map(running -> "pid " + running)
                .or(() -> Optional.ofNullable(unit).map(Unit::path))
                .orElse(config.path());
    }
}
