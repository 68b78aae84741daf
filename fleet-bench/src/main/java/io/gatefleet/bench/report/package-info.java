/** What was measured, as people and programs read it. */
@NullMarked
package io.gatefleet.bench.report;

import org.jspecify.annotations.NullMarked;
