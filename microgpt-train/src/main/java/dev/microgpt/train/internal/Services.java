package dev.microgpt.train.internal;

import java.security.CodeSource;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds a provider of a service by a name of its own. Each service needs {@code uses} in the module declaration. */
public final class Services<S> {
    private static final Pattern DOTTED = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)+");

    /** An iterator of providers may fail forever at the same place. */
    private static final int MOST_FAILURES = 100;

    private final Class<S> service;
    private final Function<S, String> naming;
    private final String what;
    private final String name;
    private final Set<String> others = new LinkedHashSet<>();
    private final Set<String> broken = new LinkedHashSet<>();

    private Services(Class<S> service, Function<S, String> naming, String kind, String name) {
        this.service = service;
        this.naming = naming;
        this.what = kind + " " + Quoted.of(name);
        this.name = name;
    }

    /** Returns whether a name has the form of those that are not this library's own, such as com.example.lion. */
    public static boolean isDotted(String name) {
        return DOTTED.matcher(name).matches();
    }

    /**
     * Returns the provider with a name: one of the thread's context class loader, or else one of this library's.
     *
     * @param service the service
     * @param naming  returns the name of a provider
     * @param kind    the kind of provider in messages
     * @param name    the name to find
     * @throws IllegalArgumentException if no sound provider has the name, or two have it
     */
    public static <S> S find(Class<S> service, Function<S, String> naming, String kind, String name) {
        return new Services<>(service, naming, kind, name).find();
    }

    private S find() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        ClassLoader own = Services.class.getClassLoader();
        S found = context == null ? null : find(context);
        if (found == null && own != context) {
            found = find(own);
        }
        if (found == null) {
            throw new IllegalArgumentException(what + " is unknown: no " + service.getSimpleName()
                    + " on the class path or module path has this name; add the jar that has it, with a file"
                    + " META-INF/services/" + service.getName() + list("found only", others)
                    + list("could not be loaded:", broken));
        }
        return found;
    }

    private static String list(String what, Set<String> items) {
        return items.isEmpty() ? "" : "; " + what + " " + String.join(", ", items);
    }

    private @Nullable S find(ClassLoader loader) {
        S found = null;
        Iterator<S> providers = ServiceLoader.load(service, loader).iterator();
        for (int failures = 0; failures < MOST_FAILURES; ) {
            S provider;
            String its;
            try {
                if (!providers.hasNext()) {
                    break;
                }
                provider = providers.next();
                its = naming.apply(provider);
            } catch (ServiceConfigurationError | LinkageError | RuntimeException unsound) {
                broken.add(String.valueOf(unsound.getMessage()));
                failures++;
                continue;
            }
            if (!name.equals(its)) {
                others.add(Quoted.plain(String.valueOf(its)));
            } else if (found == null) {
                found = provider;
            } else {
                throw new IllegalArgumentException(what + " is ambiguous: " + location(found) + " and "
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
