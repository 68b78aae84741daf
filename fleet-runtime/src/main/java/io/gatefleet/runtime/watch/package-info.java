/** The HTTP side of watching: streams of server-sent events and long polls, from one log of changes. */
@NullMarked
package io.gatefleet.runtime.watch;

import org.jspecify.annotations.NullMarked;
