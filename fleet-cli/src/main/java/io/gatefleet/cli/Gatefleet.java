package io.gatefleet.cli;

import io.gatefleet.contract.BadInput;
import io.gatefleet.contract.host.HostId;
import io.gatefleet.contract.instance.Flavor;
import io.gatefleet.contract.instance.InstanceId;
import io.gatefleet.contract.port.PortLayout;
import io.gatefleet.contract.port.PortRange;
import io.gatefleet.contract.port.PortSet;
import io.gatefleet.runtime.Version;
import io.gatefleet.runtime.access.Role;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/** The {@code gatefleet} command. */
@Command(
        name = "gatefleet",
        mixinStandardHelpOptions = true,
        versionProvider = Gatefleet.Build.class,
        scope = ScopeType.INHERIT,
        sortOptions = false,
        usageHelpAutoWidth = true,
        synopsisSubcommandLabel = "COMMAND",
        header = "Runs fleets of personal-agent gateways on ports that nobody else gets.",
        description = {
            "",
            "Begin with `gatefleet up`: it starts a control plane and two gateways on this machine."
                    + " Then ask from another terminal."
        },
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%nParameters:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done; for `status`: all is well",
            "1:the answer is a no: problems, a refusal, a fleet that runs already",
            "2:could not be asked: bad input, no fleet, no answer",
            "70:a fault of Gatefleet itself"
        },
        subcommands = {
            UpCommand.class,
            StatusCommand.class,
            ExplainCommand.class,
            PortsCommand.class,
            PlanCommand.class,
            CapacityCommand.class,
            RestartCommand.class,
            StopCommand.class,
            StartCommand.class,
            DrainCommand.class,
            CordonCommand.class,
            UncordonCommand.class,
            MaintenanceCommand.class,
            LogsCommand.class,
            ReserveCommand.class,
            UnreserveCommand.class,
            ExecCommand.class,
            EnvCommand.class,
            DoctorCommand.class,
            VerifyHistoryCommand.class,
            LayoutsCommand.class,
            TokenCommand.class,
            HelpCommand.class,
        })
public final class Gatefleet {
    /** The version as the build wrote it. */
    static final class Build implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"gatefleet " + Version.current() + " (Java " + Runtime.version() + ")"};
        }
    }

    private Gatefleet() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command with all that belongs to it; what it prints goes to its {@code out} and {@code err}. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Gatefleet());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.registerConverter(InstanceId.class, complaining(InstanceId::new));
        line.registerConverter(WantedInstance.class, complaining(WantedInstance::parse));
        line.registerConverter(HostId.class, complaining(HostId::new));
        line.registerConverter(Role.class, complaining(Role::parse));
        line.registerConverter(Flavor.class, complaining(Flavor::parse));
        line.registerConverter(PortLayout.Shape.class, complaining(PortLayout.Shape::parse));
        line.registerConverter(PortRange.class, complaining(PortRange::parse));
        line.registerConverter(PortSet.class, complaining(PortSet::parse));
        line.registerConverter(int.class, complaining(Gatefleet::wholeNumber));
        line.registerConverter(Integer.class, complaining(Gatefleet::wholeNumber));
        line.registerConverter(URI.class, complaining(Gatefleet::url));
        line.setParameterExceptionHandler(Gatefleet::misused);
        line.setExecutionExceptionHandler((cause, command, parsed) -> failed(cause, command));
        return line;
    }

    private static Integer wholeNumber(String text) {
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException notANumber) {
            throw new BadInput("number", text, "a whole number");
        }
    }

    /** Without a slash at its end, so that paths can follow. */
    private static URI url(String text) {
        try {
            URI url = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            if (url.getHost() != null && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
                return url;
            }
        } catch (URISyntaxException notAnAddress) {
            // Complained about below, as any other wrong value is.
        }
        throw new BadInput("URL", text, "a URL, for example http://127.0.0.1:7800");
    }

    /** Lets the complaint of our own types through to the user: name, value, what was expected. */
    private static <T> ITypeConverter<T> complaining(Function<String, T> parse) {
        return text -> {
            try {
                return parse.apply(text);
            } catch (BadInput bad) {
                throw new TypeConversionException("%s (expected: %s)".formatted(bad.value(), bad.expected()));
            }
        };
    }

    private static int misused(ParameterException misuse, String[] args) {
        CommandLine command = misuse.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("gatefleet: " + misuse.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(misuse, err)) {
            err.println("To see what it takes: " + command.getCommandSpec().qualifiedName() + " --help");
        }
        err.flush();
        return Exit.CANNOT_ASK;
    }

    private static int failed(Exception cause, CommandLine command) {
        PrintWriter err = command.getErr();
        int exitCode;
        if (cause instanceof CannotGoOn expected) {
            err.println("gatefleet: " + expected.getMessage());
            if (!expected.next().isEmpty()) {
                err.println(expected.next());
            }
            exitCode = expected.exitCode();
        } else if (cause instanceof BadInput bad) {
            err.println("gatefleet: " + bad.getMessage());
            exitCode = Exit.CANNOT_ASK;
        } else {
            err.println("gatefleet: a fault of Gatefleet itself; please report it with what follows.");
            cause.printStackTrace(err);
            exitCode = Exit.FAULT;
        }
        err.flush();
        return exitCode;
    }
}
