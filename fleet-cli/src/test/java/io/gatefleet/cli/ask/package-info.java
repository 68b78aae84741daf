@NullMarked
package io.gatefleet.cli.ask;

import org.jspecify.annotations.NullMarked;
