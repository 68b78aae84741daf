@NullMarked
package io.gatefleet.registry.command;

import org.jspecify.annotations.NullMarked;
