package io.gatefleet.contract.instance;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Asks a registry for what it remembers, page by page.
 *
 * @param after the last instance of the page before; null for the first page
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BookQuestion(@Nullable InstanceKey after) {}
