/** What operators want of the instance: kept on disk, and done once. */
@NullMarked
package io.gatefleet.node.command;

import org.jspecify.annotations.NullMarked;
