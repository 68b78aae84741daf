package io.gatefleet.cli;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.port.PortRange;

/** A TCP port as typed by a person. */
record Port(int number) {
    private static final String EXPECTED = "a port, 1 to 65535";

    static Port parse(String text) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= PortRange.HIGHEST_PORT) {
                return new Port(number);
            }
        } catch (NumberFormatException notANumber) {
            // Complained about below, as any other wrong value is.
        }
        throw new BadInput("port", text, EXPECTED);
    }
}
