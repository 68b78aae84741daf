/** Reads a host: files, units, processes and the kernel's tables. Changes nothing. */
@NullMarked
package io.gatefleet.doctor.host;

import org.jspecify.annotations.NullMarked;
