/** Asking a running fleet over HTTP. */
@NullMarked
package io.gatefleet.cli.ask;

import org.jspecify.annotations.NullMarked;
