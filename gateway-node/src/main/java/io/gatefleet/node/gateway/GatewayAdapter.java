package io.gatefleet.node.gateway;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.lease.Lease;
import java.io.IOException;
import java.util.List;

/** What differs from flavor to flavor: how one is configured, started and called. */
interface GatewayAdapter {
    /**
     * Writes what the gateway reads at its start. Blocks.
     *
     * @return how it is started then
     * @throws BadInput that names the key, where the user's configuration contradicts the lease
     */
    ProcessSpec prepare(Lease lease) throws IOException;

    /** What the program on disk says; the running gateway may say otherwise. */
    String version();

    /**
     * What the gateway prints at its start when it counted its own crashes and left its channels off. It is ready then, by
     * its probe, and answers nobody.
     */
    String breakerLine();

    /** What must not appear in anything that is shown; empty before the first start. Blocks. */
    String secret() throws IOException;

    /** The same and what else the gateway was given that is nobody's business. Blocks. */
    List<String> secrets() throws IOException;

    Cli cli();
}
