@NullMarked
package io.gatefleet.simulated;

import org.jspecify.annotations.NullMarked;
