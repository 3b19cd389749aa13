package dev.microgpt.cli.jvm;

import java.lang.management.ManagementFactory;
import java.lang.module.ModuleFinder;
import java.nio.charset.Charset;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a long command run in a second JVM that has the Vector API, which a JVM can be given at its start only.
 *
 * <p>Each reason against it is logged at debug level; the command then runs in this JVM, to the same bits.
 */
public final class Launcher {
    /** The environment variable that forbids it with {@code 0}. */
    public static final String VARIABLE = "MICROGPT_RELAUNCH";

    private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);

    private Launcher() {}

    /**
     * Runs the program once more, unless something speaks against it.
     *
     * @param main the class of the program
     * @param args the command line
     * @return its exit code, or nothing if the command is to run in this JVM
     */
    public static OptionalInt run(Class<?> main, String... args) {
        String reason = reasonToStay();
        if (reason == null) {
            reason = reasonInArguments(args);
        }
        if (reason == null) {
            List<String> flags = ManagementFactory.getRuntimeMXBean().getInputArguments();
            reason = reasonInFlags(flags);
            if (reason == null) {
                return SecondJvm.run(main, flags, args);
            }
        }
        LOG.debug("no second JVM: {}", reason);
        return OptionalInt.empty();
    }

    private static @Nullable String reasonToStay() {
        if (System.getProperty(FirstJvm.PID) != null) {
            return "this is the second";
        }
        if ("0".equals(System.getenv(VARIABLE))) {
            return VARIABLE + " is 0";
        }
        if ("scalar".equals(System.getProperty("microgpt.kernels"))) {
            return "-Dmicrogpt.kernels=scalar has no use for one";
        }
        if (ModuleLayer.boot().findModule(SecondJvm.VECTOR_API).isPresent()) {
            return "this one has the Vector API";
        }
        if (ModuleFinder.ofSystem().find(SecondJvm.VECTOR_API).isEmpty()) {
            return "this JDK comes without the module " + SecondJvm.VECTOR_API;
        }
        if (ModuleLayer.boot().findModule("java.management").isEmpty()) {
            return "this one lacks the module java.management, which knows the flags to pass on";
        }
        return null;
    }

    /** An argument must mean the same to another process. */
    static @Nullable String reasonInArguments(String... args) {
        for (String arg : args) {
            // what the shell opened for this process alone, as with --data <(gunzip -c names.gz)
            if (arg.contains("/dev/fd/") || arg.contains("/proc/self/fd/")) {
                return arg + " is open in this one only";
            }
            if (!arrivesUnchanged(arg)) {
                return arg + " cannot be handed over in the encoding of the locale";
            }
        }
        return null;
    }

    /** Java 17 writes arguments in the default charset, newer versions in the locale's, and all read the latter. */
    private static boolean arrivesUnchanged(String arg) {
        Charset ofTheLocale = Charset.forName(System.getProperty("sun.jnu.encoding"));
        return arg.equals(new String(arg.getBytes(Charset.defaultCharset()), ofTheLocale));
    }

    /** Two JVMs with one debugger or one recording would be in each other's way. */
    static @Nullable String reasonInFlags(List<String> flags) {
        for (String flag : flags) {
            if (flag.startsWith("-agent")
                    || flag.startsWith("-javaagent:")
                    || flag.startsWith("-XX:StartFlightRecording")) {
                return flag + " is for this one";
            }
        }
        return null;
    }
}
