@NullMarked
package io.gatefleet.cli;

import org.jspecify.annotations.NullMarked;
