@NullMarked
package io.gatefleet.history;

import org.jspecify.annotations.NullMarked;
