@NullMarked
package io.gatefleet.runtime.access;

import org.jspecify.annotations.NullMarked;
