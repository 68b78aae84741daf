@NullMarked
package io.gatefleet.node.gateway;

import org.jspecify.annotations.NullMarked;
