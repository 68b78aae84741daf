@NullMarked
package io.gatefleet.runtime.audit;

import org.jspecify.annotations.NullMarked;
