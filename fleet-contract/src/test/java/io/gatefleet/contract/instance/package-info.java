@NullMarked
package io.gatefleet.contract.instance;

import org.jspecify.annotations.NullMarked;
