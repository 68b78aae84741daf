package io.gatefleet.node.gateway;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The gateway's own command line in the environment of one instance. Works without a node; but only for an instance that
 * was started once, because before that it has no port, and the command would reach whatever gateway stands on the
 * default one: that is refused with {@link io.gatefleet.contract.BadInput}.
 */
public interface Cli {
    /**
     * For {@code gatefleet exec INSTANCE -- ARGS}. The configuration is writable here, so that onboarding works, even where
     * it is read-only to the running gateway.
     */
    ProcessSpec exec(List<String> args);

    /** For {@code gatefleet env INSTANCE}: what {@link #exec} sets, without any secret. */
    Map<String, String> environment();

    /** For {@code gatefleet env INSTANCE --show-secrets} only. Blocks for a small file. */
    Map<String, String> secrets();

    /** Where the gateway's token stands, mode 0600: what to print instead of it. */
    Path tokenFile();
}
