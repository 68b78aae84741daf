/** The aggregator's page, looked at in a real browser. */
@NullMarked
package io.gatefleet.faults.page;

import org.jspecify.annotations.NullMarked;
