@NullMarked
package io.gatefleet.faults.nemesis;

import org.jspecify.annotations.NullMarked;
