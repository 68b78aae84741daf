@NullMarked
package io.gatefleet.cli.text;

import org.jspecify.annotations.NullMarked;
