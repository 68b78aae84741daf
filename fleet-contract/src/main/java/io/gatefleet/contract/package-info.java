/** What crosses a process boundary between the parts of Gatefleet. */
@NullMarked
package io.gatefleet.contract;

import org.jspecify.annotations.NullMarked;
