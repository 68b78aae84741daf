/** What a host is, and what its kernel says. Pure. */
@NullMarked
package io.gatefleet.contract.host;

import org.jspecify.annotations.NullMarked;
