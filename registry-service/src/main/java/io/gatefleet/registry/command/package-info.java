/** Which commands were asked, how far they got, and what came of them. Pure. */
@NullMarked
package io.gatefleet.registry.command;

import org.jspecify.annotations.NullMarked;
