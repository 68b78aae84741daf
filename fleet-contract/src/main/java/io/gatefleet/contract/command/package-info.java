/** What an operator asks of instances, how it travels to their nodes, and what came of it. */
@NullMarked
package io.gatefleet.contract.command;

import org.jspecify.annotations.NullMarked;
