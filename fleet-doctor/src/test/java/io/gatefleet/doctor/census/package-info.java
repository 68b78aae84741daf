@NullMarked
package io.gatefleet.doctor.census;

import org.jspecify.annotations.NullMarked;
