@NullMarked
package io.gatefleet.doctor;

import org.jspecify.annotations.NullMarked;
