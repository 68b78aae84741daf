package io.gatefleet.contract.instance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gatefleet.contract.lease.Lease;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An instance as the registry shows it.
 *
 * @param heardMillisAgo age of the last word of its node
 * @param present whether its node said no goodbye and was heard within the term
 * @param report the last word about its gateway
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InstanceView(
        InstanceKey key,
        Incarnation incarnation,
        Flavor flavor,
        @Nullable String version,
        String layout,
        @Nullable Lease lease,
        @Nullable String address,
        @Nullable Long nodePid,
        Map<String, String> labels,
        boolean present,
        long heardMillisAgo,
        GatewayReport report) {}
