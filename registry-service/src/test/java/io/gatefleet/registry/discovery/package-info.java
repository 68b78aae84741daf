@NullMarked
package io.gatefleet.registry.discovery;

import org.jspecify.annotations.NullMarked;
