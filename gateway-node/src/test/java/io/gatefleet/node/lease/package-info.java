@NullMarked
package io.gatefleet.node.lease;

import org.jspecify.annotations.NullMarked;
