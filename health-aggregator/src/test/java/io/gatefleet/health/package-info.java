@NullMarked
package io.gatefleet.health;

import org.jspecify.annotations.NullMarked;
