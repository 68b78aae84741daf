@NullMarked
package io.gatefleet.runtime.cluster;

import org.jspecify.annotations.NullMarked;
