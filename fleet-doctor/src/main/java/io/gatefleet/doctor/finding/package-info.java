/** What is wrong with the gateways of a host, and the command that mends it. Pure. */
@NullMarked
package io.gatefleet.doctor.finding;

import org.jspecify.annotations.NullMarked;
