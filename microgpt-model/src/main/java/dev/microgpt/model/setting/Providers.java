package dev.microgpt.model.setting;

import java.security.CodeSource;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds services by their names: parts, models and optimizers that other projects provide.
 *
 * <p>Nothing is loaded by a name of a class from a file: a file has only the {@linkplain Named#name() name} of a
 * service, and a class is found because its own jar declares it.
 */
public final class Providers {
    private static final Pattern DOTTED = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)+");

    /** An iterator of services may fail forever at the same place. */
    private static final int MOST_BROKEN = 100;

    private Providers() {}

    /**
     * Returns whether a name has the form of those that are not this library's own.
     *
     * @param name the name
     * @return true for words of letters, digits, {@code _} and {@code -} joined by dots, such as
     *     {@code com.example.alibi}
     */
    public static boolean isDotted(String name) {
        return DOTTED.matcher(name).matches();
    }

    /**
     * Returns the provider of a name, for a service that this module uses: one of the thread's context class loader, or
     * else of this library's.
     *
     * @param <P>     the service
     * @param service the service
     * @param kind    the kind of provider in messages, such as "attention"
     * @param name    the dotted name to find
     * @return the provider
     * @throws IllegalArgumentException if no sound provider has the name, or two of one loader have it; a provider that
     *     cannot be loaded is mentioned only then
     */
    public static <P extends Named> P find(Class<P> service, String kind, String name) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return find(
                service,
                kind,
                name,
                List.of(ServiceLoader.load(service, context), ServiceLoader.load(service, service.getClassLoader())));
    }

    /**
     * Returns the provider of a name: that of the first loader that has one.
     *
     * @param <P>     the service
     * @param service the service
     * @param kind    the kind of provider in messages, such as "attention"
     * @param name    the dotted name to find
     * @param loaders where to look, the one of the thread's context class loader first; they are created by the module
     *     that declares {@code uses}
     * @return the provider
     * @throws IllegalArgumentException if no sound provider has the name, or two of one loader have it; a provider that
     *     cannot be loaded is mentioned only then
     */
    public static <P extends Named> P find(Class<P> service, String kind, String name, List<ServiceLoader<P>> loaders) {
        Set<String> others = new LinkedHashSet<>();
        Set<String> broken = new LinkedHashSet<>();
        for (ServiceLoader<P> loader : loaders) {
            P found = find(kind, name, loader, others, broken);
            if (found != null) {
                return found;
            }
        }
        throw new IllegalArgumentException(kind + " \"" + name + "\" is unknown: no " + service.getSimpleName()
                + " on the class path or module path has this name; add the jar that has it, with a file"
                + " META-INF/services/" + service.getName() + list("found only", others)
                + list("could not be loaded:", broken));
    }

    private static String list(String what, Set<String> items) {
        return items.isEmpty() ? "" : "; " + what + " " + String.join(", ", items);
    }

    private static <P extends Named> @Nullable P find(
            String kind, String name, ServiceLoader<P> loader, Set<String> others, Set<String> broken) {
        P found = null;
        Iterator<P> providers = loader.iterator();
        int failures = 0;
        while (failures < MOST_BROKEN) {
            P provider;
            String its;
            try {
                if (!providers.hasNext()) {
                    break;
                }
                provider = providers.next();
                its = provider.name();
            } catch (ServiceConfigurationError | LinkageError | RuntimeException unsound) {
                Throwable cause = unsound.getCause();
                broken.add(unsound.getMessage() + (cause == null ? "" : " (" + cause + ")"));
                failures++;
                continue;
            }
            if (!name.equals(its)) {
                others.add(its);
            } else if (found == null) {
                found = provider;
            } else {
                throw new IllegalArgumentException(kind + " \"" + name + "\" is ambiguous: " + location(found) + " and "
                        + location(provider) + " have this name; remove one of them");
            }
        }
        return found;
    }

    private static String location(Object provider) {
        Class<?> type = provider.getClass();
        CodeSource source = type.getProtectionDomain().getCodeSource();
        return type.getName() + " in " + (source == null ? type.getModule() : source.getLocation());
    }
}
