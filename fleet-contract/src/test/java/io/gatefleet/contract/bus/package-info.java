@NullMarked
package io.gatefleet.contract.bus;

import org.jspecify.annotations.NullMarked;
