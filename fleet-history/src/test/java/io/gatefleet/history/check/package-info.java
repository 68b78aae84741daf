@NullMarked
package io.gatefleet.history.check;

import org.jspecify.annotations.NullMarked;
