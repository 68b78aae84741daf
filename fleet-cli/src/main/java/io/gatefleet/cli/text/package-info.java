/** What a person reads in the terminal: pure functions from the contract's records to text of 80 columns. */
@NullMarked
package io.gatefleet.cli.text;

import org.jspecify.annotations.NullMarked;
