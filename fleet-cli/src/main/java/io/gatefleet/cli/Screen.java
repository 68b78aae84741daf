package io.gatefleet.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.gatefleet.cli.text.Ink;
import io.gatefleet.contract.bus.Wire;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where a command's answer goes: text for a person, or JSON for a program. */
final class Screen {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    boolean wantsJson() {
        return json;
    }

    void print(List<String> lines) {
        PrintWriter out = out();
        lines.forEach(out::println);
        out.flush();
    }

    /** Says something that is no part of the answer. */
    void complain(String line) {
        if (command != null) {
            PrintWriter err = command.commandLine().getErr();
            err.println(line);
            err.flush();
        }
    }

    void printJson(Object value) {
        try {
            print(List.of(Wire.LENIENT
                    .mapper()
                    .writer()
                    .with(SerializationFeature.INDENT_OUTPUT)
                    .writeValueAsString(value)));
        } catch (JsonProcessingException bug) {
            throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), bug);
        }
    }

    /** Colour on a terminal, unless NO_COLOR says otherwise. */
    static Ink ink() {
        return CommandLine.Help.Ansi.AUTO.enabled() ? Ink.COLOUR : Ink.BLACK;
    }

    PrintWriter out() {
        if (command == null) {
            throw new IllegalStateException("a screen outside a command");
        }
        return command.commandLine().getOut();
    }
}
