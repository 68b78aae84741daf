/** How somebody keeps a copy of what a service knows: a snapshot, then one change after the other. Pure. */
@NullMarked
package io.gatefleet.contract.watch;

import org.jspecify.annotations.NullMarked;
