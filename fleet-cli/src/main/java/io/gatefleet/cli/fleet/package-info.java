/** A fleet on this machine: control plane in one JVM, nodes as its children. */
@NullMarked
package io.gatefleet.cli.fleet;

import org.jspecify.annotations.NullMarked;
