/** How fast Gatefleet is, measured. */
@NullMarked
package io.gatefleet.bench;

import org.jspecify.annotations.NullMarked;
