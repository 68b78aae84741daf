@NullMarked
package io.gatefleet.doctor.host;

import org.jspecify.annotations.NullMarked;
