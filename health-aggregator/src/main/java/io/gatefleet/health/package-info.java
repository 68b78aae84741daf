/** The health-aggregator: hears every word of the fleet's nodes, judges, and never acts. */
@NullMarked
package io.gatefleet.health;

import org.jspecify.annotations.NullMarked;
