/** One gateway: how it is configured, started, watched and stopped. The only package that touches processes. */
@NullMarked
package io.gatefleet.node.gateway;

import org.jspecify.annotations.NullMarked;
