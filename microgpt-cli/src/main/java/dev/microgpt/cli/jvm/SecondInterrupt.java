package dev.microgpt.cli.jvm;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the JVM immediately on a Ctrl-C while it is already ending; the JVM itself would ignore it.
 *
 * <p>Uses reflection because {@code sun.misc.Signal}, the only way, is not part of Java's API.
 */
final class SecondInterrupt implements InvocationHandler {
    private static final Logger LOG = LoggerFactory.getLogger(SecondInterrupt.class);
    private static final String NAME = "INT";
    private static final int EXIT_CODE = 128 + 2;

    private final @Nullable Process killed;

    private SecondInterrupt(@Nullable Process killed) {
        this.killed = killed;
    }

    /**
     * From now on, Ctrl-C ends the JVM immediately.
     *
     * @param other a process to end as well, or null
     */
    static void ends(@Nullable Process other) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object end = Proxy.newProxyInstance(
                    SecondInterrupt.class.getClassLoader(), new Class<?>[] {handler}, new SecondInterrupt(other));
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(NAME), end);
        } catch (ReflectiveOperationException | IllegalArgumentException without) {
            LOG.debug("a second Ctrl-C will have no effect: {}", without.toString());
        }
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) {
        if (killed != null) {
            killed.destroyForcibly();
        }
        Runtime.getRuntime().halt(EXIT_CODE);
        return null;
    }
}
