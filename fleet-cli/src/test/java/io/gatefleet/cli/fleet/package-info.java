@NullMarked
package io.gatefleet.cli.fleet;

import org.jspecify.annotations.NullMarked;
