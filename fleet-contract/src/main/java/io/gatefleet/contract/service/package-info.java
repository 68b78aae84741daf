/** What members of the control plane say about themselves. */
@NullMarked
package io.gatefleet.contract.service;

import org.jspecify.annotations.NullMarked;
