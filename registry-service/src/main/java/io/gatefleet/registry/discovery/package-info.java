/** What Prometheus is told to scrape. */
@NullMarked
package io.gatefleet.registry.discovery;

import org.jspecify.annotations.NullMarked;
