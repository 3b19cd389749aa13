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
 * Runs a long command in a second JVM with the Vector API, which a JVM can only get at its start.
 *
 * <p>A reason against it is logged at debug level; the command then runs in this JVM, with the same results bit for
 * bit.
 */
public final class Launcher {
    /** The environment variable that disables a second JVM if it is {@code 0}. */
    public static final String VARIABLE = "MICROGPT_RELAUNCH";

    private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);

    private Launcher() {}

    /**
     * Runs the program in a second JVM unless there is a reason against it.
     *
     * @param main the class of the program
     * @param args the command line
     * @return the exit code, or empty if the command has to run in this JVM
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
            return "this is the second JVM";
        }
        if ("0".equals(System.getenv(VARIABLE))) {
            return VARIABLE + " is 0";
        }
        if ("scalar".equals(System.getProperty("microgpt.kernels"))) {
            return "-Dmicrogpt.kernels=scalar does not need the Vector API";
        }
        if (ModuleLayer.boot().findModule(SecondJvm.VECTOR_API).isPresent()) {
            return "this JVM has the Vector API";
        }
        if (ModuleFinder.ofSystem().find(SecondJvm.VECTOR_API).isEmpty()) {
            return "this JDK lacks the module " + SecondJvm.VECTOR_API;
        }
        if (ModuleLayer.boot().findModule("java.management").isEmpty()) {
            return "this JVM lacks the module java.management, which knows the flags to pass on";
        }
        return null;
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

    /** Two JVMs cannot share a debugger or a recording. */
    static @Nullable String reasonInFlags(List<String> flags) {
        for (String flag : flags) {
            if (flag.startsWith("-agent")
                    || flag.startsWith("-javaagent:")
                    || flag.startsWith("-XX:StartFlightRecording")) {
                return flag + " is meant for this JVM";
            }
        }
        return null;
    }
}
