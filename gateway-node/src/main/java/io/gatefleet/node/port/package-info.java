/** The kernel's view of a host's ports: who listens, who guards, and the guard that a node holds. */
@NullMarked
package io.gatefleet.node.port;

import org.jspecify.annotations.NullMarked;
