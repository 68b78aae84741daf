/** What the tests of several modules need: ports, processes, and documents to hold answers against. */
@NullMarked
package io.gatefleet.testing;

import org.jspecify.annotations.NullMarked;
