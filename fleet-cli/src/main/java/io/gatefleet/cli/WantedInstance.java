package io.gatefleet.cli;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.InstanceId;
import org.jspecify.annotations.Nullable;

/**
 * One of {@code --instances}: {@code NAME}, {@code NAME=FLAVOR} or {@code NAME=FLAVOR@VERSION}.
 *
 * @param flavor null: as the others
 * @param version null: the one that is found without
 */
record WantedInstance(
        InstanceId instance,
        @Nullable Flavor flavor,
        @Nullable String version) {
    static WantedInstance parse(String text) {
        String[] named = text.split("=", 2);
        InstanceId instance = new InstanceId(named[0]);
        if (named.length == 1) {
            return new WantedInstance(instance, null, null);
        }
        String[] versioned = named[1].split("@", 2);
        Flavor flavor = Flavor.parse(versioned[0]);
        if (versioned.length == 2 && versioned[1].isBlank()) {
            throw new BadInput("instances", text, "NAME=FLAVOR@VERSION, for example old=openclaw@2026.3.2");
        }
        return new WantedInstance(instance, flavor, versioned.length == 1 ? null : versioned[1]);
    }
}
