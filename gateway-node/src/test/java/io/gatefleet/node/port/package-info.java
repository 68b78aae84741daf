@NullMarked
package io.gatefleet.node.port;

import org.jspecify.annotations.NullMarked;
