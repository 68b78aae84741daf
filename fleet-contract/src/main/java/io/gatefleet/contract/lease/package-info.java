/** The conversation about leases: questions, answers, refusals. Pure but for the exchanges. */
@NullMarked
package io.gatefleet.contract.lease;

import org.jspecify.annotations.NullMarked;
