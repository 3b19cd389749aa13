package dev.microgpt.cli.jvm;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides which flags of this JVM a second one gets: all but those that two JVMs cannot share.
 *
 * <p>The flags are those of the command line, of the variables {@code JDK_JAVA_OPTIONS}, {@code JAVA_TOOL_OPTIONS} and
 * {@code _JAVA_OPTIONS}, and of the file that {@code -XX:Flags} names.
 */
final class PassedFlags {
    /** A debugger, profiler or recording has to see the JVM that computes, and is already tied to this one. */
    private static final Pattern OBSERVER = Pattern.compile("-agent|-javaagent:|-Xrun|-XX:StartFlightRecording");

    /** Only one JVM can open a port. */
    private static final Pattern PORT = Pattern.compile("-Dcom\\.sun\\.management\\.(jmxremote\\.port|config\\.file)=");

    /** The settings of these ports, which would open one themselves. */
    private static final Pattern MANAGEMENT = Pattern.compile("-Dcom\\.sun\\.management\\.|-XX:\\+ManagementServer");

    /** A log file, which each JVM would write over. Other log output goes to the standard streams. */
    private static final Pattern LOG_FILE =
            Pattern.compile("-Xloggc:|-XX:LogFile=|-Xlog:[^:]*:(?!(stdout|stderr)(:|$)|:|$)");

    /** In the name of a log file, the process id, which makes it another file for each JVM. */
    private static final String PROCESS_ID = "%p";

    /**
     * Archives of classes are made for one class path and set of modules; a second JVM has others. The last flag is the
     * one with which the launch script keeps the first silent about its archive.
     */
    private static final Pattern ARCHIVE = Pattern.compile("-Xshare:on|-XX:[-+]?(AOT|Archive|AutoCreateSharedArchive"
            + "|DumpLoadedClassList|RecordDynamicDumpInfo|(Require|Verify)SharedSpaces|Shared(Archive|ClassList))"
            + "|-Xlog:(aot|cds)\\*=off$");

    /** Files of flags, which are in the list themselves. */
    private static final Pattern FILE_OF_FLAGS = Pattern.compile("-XX:(Flags|VMOptionsFile)=");

    /** A flag in the file of {@code -XX:Flags}, where {@code -XX:} is left out. */
    private static final Pattern IN_FILE = Pattern.compile("[+]?[A-Za-z].*|-[A-Z&&[^DX]].*");

    private PassedFlags() {}

    /** Returns the flags for a second JVM, in their order. */
    static List<String> of(List<String> flags) {
        List<String> passed = new ArrayList<>();
        for (String flag : flags) {
            String whole = whole(flag);
            if (!isArchiveOrFile(whole) && !isLog(whole) && !starts(MANAGEMENT, whole)) {
                passed.add(whole);
            }
        }
        return passed;
    }

    /** Returns a flag with which the command has to run in this JVM, or null if there is none. */
    static @Nullable String observer(List<String> flags) {
        for (String flag : flags) {
            if (starts(OBSERVER, flag)) {
                return flag;
            }
        }
        return null;
    }

    /** Returns a flag whose effect the user will miss in the second JVM, or null if there is none. */
    static @Nullable String missed(List<String> flags) {
        for (String flag : flags) {
            if (starts(PORT, flag) || isLog(whole(flag))) {
                return flag;
            }
        }
        return null;
    }

    private static String whole(String flag) {
        return IN_FILE.matcher(flag).matches() ? "-XX:" + flag : flag;
    }

    private static boolean isArchiveOrFile(String flag) {
        return starts(ARCHIVE, flag) || starts(FILE_OF_FLAGS, flag);
    }

    private static boolean isLog(String flag) {
        return starts(LOG_FILE, flag) && !flag.contains(PROCESS_ID);
    }

    private static boolean starts(Pattern pattern, String flag) {
        return pattern.matcher(flag).lookingAt();
    }
}
