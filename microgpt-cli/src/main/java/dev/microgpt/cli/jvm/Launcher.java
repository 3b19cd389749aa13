package dev.microgpt.cli.jvm;

import dev.microgpt.cli.terminal.Format;
import dev.microgpt.cli.terminal.Terminal;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.module.ModuleFinder;
import java.nio.charset.Charset;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a long command in a second JVM with the Vector API, which a JVM can only get at its start.
 *
 * <p>Without one, the command runs in this JVM, with the same results bit for bit. If the user did not choose this, a
 * note says why, and that it is slower.
 */
public final class Launcher {
    /** The environment variable that disables a second JVM if it is {@code 0}. */
    public static final String VARIABLE = "MICROGPT_RELAUNCH";

    private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);

    private Launcher() {}

    /**
     * Runs the program in a second JVM unless there is a reason against it.
     *
     * @param terminal receives a note if there should be a second JVM, but cannot be
     * @param main     the class of the program
     * @param args     the command line
     * @return the exit code, or empty if the command has to run in this JVM
     */
    public static OptionalInt run(Terminal terminal, Class<?> main, String... args) {
        String reason = reasonToStay();
        if (reason == null) {
            try {
                return OptionalInt.of(runSecond(terminal, main, args));
            } catch (IOException impossible) {
                reason = String.valueOf(impossible.getMessage());
                terminal.say(note(reason));
            }
        }
        LOG.debug("no second JVM: {}", reason);
        return OptionalInt.empty();
    }

    private static @Nullable String reasonToStay() {
        if (System.getProperty(FirstJvm.PID) != null) {
            return "this is the second JVM";
        }
        if ("0".equals(System.getenv(VARIABLE))) {
            return VARIABLE + " is 0";
        }
        if ("scalar".equals(System.getProperty("microgpt.kernels"))) {
            return "-Dmicrogpt.kernels=scalar does not need the Vector API";
        }
        return ModuleLayer.boot().findModule(SecondJvm.VECTOR_API).isPresent() ? "this JVM has the Vector API" : null;
    }

    /** Returns what tells the user that the command is slow, why, and what helps. */
    static String note(String reason) {
        String repair = "; with --add-modules " + SecondJvm.VECTOR_API + ", the first JVM has fast kernels itself";
        return "note: there is no second JVM with fast kernels, so this takes several times longer: "
                + Format.visible(reason) + (jdkHasModule() ? repair : "");
    }

    private static int runSecond(Terminal terminal, Class<?> main, String... args) throws IOException {
        String reason = reasonInJdk();
        reason = reason == null ? reasonInArguments(args) : reason;
        if (reason != null) {
            throw new IOException(reason);
        }
        List<String> flags = ManagementFactory.getRuntimeMXBean().getInputArguments();
        String observer = PassedFlags.observer(flags);
        if (observer != null) {
            throw new IOException(observer + " is meant for this JVM");
        }
        String missed = PassedFlags.missed(flags);
        if (missed != null) {
            terminal.say("note: " + Format.visible(missed)
                    + " stays with the first JVM, which only waits for the second one with fast kernels");
        }
        return SecondJvm.run(main, PassedFlags.of(flags), args);
    }

    private static @Nullable String reasonInJdk() {
        if (!jdkHasModule()) {
            return "this JDK lacks the module " + SecondJvm.VECTOR_API;
        }
        if (ModuleLayer.boot().findModule("java.management").isEmpty()) {
            return "this JVM lacks the module java.management, which knows the flags to pass on";
        }
        return null;
    }

    private static boolean jdkHasModule() {
        return ModuleFinder.ofSystem().find(SecondJvm.VECTOR_API).isPresent();
    }

    /** An argument must mean the same in another process. */
    static @Nullable String reasonInArguments(String... args) {
        for (String arg : args) {
            // a file that the shell opened for this process only, as with --data <(gunzip -c names.gz)
            if (arg.contains("/dev/fd/") || arg.contains("/proc/self/fd/")) {
                return arg + " is open in this JVM only";
            }
            if (!arrivesUnchanged(arg)) {
                return arg + " cannot be passed on in the encoding of the locale";
            }
        }
        return null;
    }

    /** Java 17 passes arguments in the default charset, newer versions in that of the locale; all read the latter. */
    private static boolean arrivesUnchanged(String arg) {
        Charset ofTheLocale = Charset.forName(System.getProperty("sun.jnu.encoding"));
        return arg.equals(new String(arg.getBytes(Charset.defaultCharset()), ofTheLocale));
    }
}
