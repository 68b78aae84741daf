/** How a typed question or announcement crosses the event bus, and the JSON that everything is written in. */
@NullMarked
package io.gatefleet.contract.bus;

import org.jspecify.annotations.NullMarked;
