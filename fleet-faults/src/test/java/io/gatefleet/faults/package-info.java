@NullMarked
package io.gatefleet.faults;

import org.jspecify.annotations.NullMarked;
