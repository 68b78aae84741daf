/** The gateway-node: the process that runs one instance. Claims, guards, starts, watches and stops one gateway. */
@NullMarked
package io.gatefleet.node;

import org.jspecify.annotations.NullMarked;
