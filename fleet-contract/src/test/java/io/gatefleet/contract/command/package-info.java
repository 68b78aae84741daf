@NullMarked
package io.gatefleet.contract.command;

import org.jspecify.annotations.NullMarked;
