@NullMarked
package io.gatefleet.faults.command;

import org.jspecify.annotations.NullMarked;
