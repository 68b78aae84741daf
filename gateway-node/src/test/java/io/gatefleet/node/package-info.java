@NullMarked
package io.gatefleet.node;

import org.jspecify.annotations.NullMarked;
