package io.gatefleet.doctor.census;

import java.util.List;

/**
 * What was found on a host, and what could not be looked at. Holds no secret: of tokens and passwords it knows only
 * whether they are there.
 *
 * @param host the machine
 * @param gateways those that would answer on this host's ports, each once; those that Gatefleet runs among them
 * @param chromes browsers with a remote debugging port, or with a gateway's user data
 * @param unseen what could not be read, each a sentence; the picture lacks it
 */
public record Census(Host host, List<Gateway> gateways, List<Chrome> chromes, List<String> unseen) {
    public Census {
        gateways = List.copyOf(gateways);
        chromes = List.copyOf(chromes);
        unseen = List.copyOf(unseen);
    }
}
