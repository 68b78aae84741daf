@NullMarked
package io.gatefleet.contract;

import org.jspecify.annotations.NullMarked;
