@NullMarked
package io.gatefleet.doctor.finding;

import org.jspecify.annotations.NullMarked;
