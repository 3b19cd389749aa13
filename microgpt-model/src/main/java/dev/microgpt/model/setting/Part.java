package dev.microgpt.model.setting;

/**
 * A replaceable part of a model, such as its attention, which is the value of a {@link Setting}.
 *
 * <p>To let files and command lines refer to a part of your own by its name, make its class public with a public
 * constructor without parameters, and list it as a service: in {@code META-INF/services/} and the full name of the
 * interface, on the class path; with {@code provides … with …} in a module. Without a name a part can be used, but not
 * stored.
 *
 * <p>Implementations are immutable, and may be used by several threads.
 *
 * @param <P> the kind of part
 */
public interface Part<P extends Part<P>> extends Named {
    @Override
    default String name() {
        return "";
    }

    /** {@return the values of its own settings, empty unless overridden} */
    default Settings settings() {
        return Settings.NONE;
    }

    /**
     * Returns this part with other values of its settings. A part with settings overrides this.
     *
     * @param settings values for the list of {@link #settings()}
     * @return a part in which all else is equal
     */
    default P with(Settings settings) {
        throw new UnsupportedOperationException("part \"" + name() + "\" has settings, so that its class "
                + getClass().getName() + " must override with(Settings)");
    }
}
