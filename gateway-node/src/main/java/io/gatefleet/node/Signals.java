package io.gatefleet.node;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * POSIX signals. The JVM's own answer to one is to run shutdown hooks and to exit with 128 + its number; a node that ends in
 * order exits with 0, and a closed terminal is no reason to end.
 *
 * <p>By reflection: {@code sun.misc.Signal} is exported by the module jdk.unsupported for exactly this use and has no
 * successor, but javac warns of it in a way that cannot be silenced.
 */
public final class Signals {
    private static final Logger log = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /** @param name without SIG, for example {@code TERM} */
    public static void on(String name, Runnable handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handlers = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handlers}, (self, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            handler.run();
                            return null;
                        }
                        return switch (method.getName()) {
                            case "hashCode" -> System.identityHashCode(self);
                            case "equals" -> arguments != null && self == arguments[0];
                            default -> name;
                        };
                    });
            signal.getMethod("handle", signal, handlers)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException | IllegalArgumentException cause) {
            log.warn("SIG{} cannot be handled here: {}", name, cause.toString());
        }
    }
}
