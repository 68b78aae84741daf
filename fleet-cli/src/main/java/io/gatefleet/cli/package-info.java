/** The {@code gatefleet} command: one class per subcommand, each a thin edge. */
@NullMarked
package io.gatefleet.cli;

import org.jspecify.annotations.NullMarked;
