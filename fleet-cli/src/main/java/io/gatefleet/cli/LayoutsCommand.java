package io.gatefleet.cli;

import io.gatefleet.cli.text.LayoutsText;
import io.gatefleet.contract.port.Layouts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code gatefleet layouts}: where each gateway family opens its ports. */
@Command(
        name = "layouts",
        header = "Shows where each gateway family opens its ports.",
        description = {
            "",
            "A layout names a family's port offsets, counted from the gateway's own port. Wide takes every port that the"
                    + " family could ever derive; dense only what one instance uses. No fleet need run.",
            "",
            "Example:",
            "  gatefleet layouts",
        })
final class LayoutsCommand implements Runnable {
    @Mixin
    private Screen screen = new Screen();

    @Override
    public void run() {
        if (screen.wantsJson()) {
            screen.printJson(Layouts.known().families());
        } else {
            screen.print(LayoutsText.of(Layouts.known().families(), Screen.ink()));
        }
    }
}
