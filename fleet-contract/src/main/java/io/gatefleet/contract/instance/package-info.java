/** Instances, their incarnations, and what their nodes say of them. Pure. */
@NullMarked
package io.gatefleet.contract.instance;

import org.jspecify.annotations.NullMarked;
