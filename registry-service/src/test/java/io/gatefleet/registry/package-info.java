@NullMarked
package io.gatefleet.registry;

import org.jspecify.annotations.NullMarked;
