/** How every main of Gatefleet starts and stops, and how it answers over HTTP. */
@NullMarked
package io.gatefleet.runtime;

import org.jspecify.annotations.NullMarked;
