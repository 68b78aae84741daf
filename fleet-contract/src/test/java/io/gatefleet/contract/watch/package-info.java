@NullMarked
package io.gatefleet.contract.watch;

import org.jspecify.annotations.NullMarked;
