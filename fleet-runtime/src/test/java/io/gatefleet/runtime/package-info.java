@NullMarked
package io.gatefleet.runtime;

import org.jspecify.annotations.NullMarked;
