@NullMarked
package io.gatefleet.contract.port;

import org.jspecify.annotations.NullMarked;
