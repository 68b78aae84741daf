@NullMarked
package io.gatefleet.contract.lease;

import org.jspecify.annotations.NullMarked;
