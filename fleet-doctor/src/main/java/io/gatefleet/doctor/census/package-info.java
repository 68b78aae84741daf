/** What was found on a host: gateways with configuration, environment, unit, process and listeners. Pure. */
@NullMarked
package io.gatefleet.doctor.census;

import org.jspecify.annotations.NullMarked;
