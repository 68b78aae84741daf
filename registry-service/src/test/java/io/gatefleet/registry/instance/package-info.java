@NullMarked
package io.gatefleet.registry.instance;

import org.jspecify.annotations.NullMarked;
