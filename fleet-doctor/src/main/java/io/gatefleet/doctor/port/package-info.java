/** Which ports a gateway opens now, and which later: from its configuration, environment, flags and version. Pure. */
@NullMarked
package io.gatefleet.doctor.port;

import org.jspecify.annotations.NullMarked;
