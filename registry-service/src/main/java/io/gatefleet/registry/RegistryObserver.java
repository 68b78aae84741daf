package io.gatefleet.registry;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How well a registry sees.
 *
 * @param startedMillisAgo since when it listens to nodes
 * @param members of the cluster; 1 when it stands alone
 * @param trouble why it should be given no work; null: no reason
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RegistryObserver(
        long startedMillisAgo, int members, @Nullable String trouble) {}
