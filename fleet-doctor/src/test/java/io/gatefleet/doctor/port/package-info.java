@NullMarked
package io.gatefleet.doctor.port;

import org.jspecify.annotations.NullMarked;
