/** Reads histories and says whether the promise was kept. */
@NullMarked
package io.gatefleet.history.check;

import org.jspecify.annotations.NullMarked;
