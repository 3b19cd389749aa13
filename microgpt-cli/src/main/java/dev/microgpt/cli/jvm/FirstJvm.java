package dev.microgpt.cli.jvm;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Optional;

/** What a second JVM has to do with the one that started it, see {@link SecondJvm}. */
public final class FirstJvm {
    /** The system property that tells a second JVM the process id of the first. */
    public static final String PID = "microgpt.first.pid";

    private static final int MILLIS_BETWEEN_LOOKS = 200;

    // as if a hang-up had ended it: who waited for the results is gone
    private static final int ORPHANED = 128 + 1;

    private FirstJvm() {}

    /** Says that {@code main} is reached, and ends this JVM soon after the first has ended, even by {@code kill -9}. */
    public static void follow(long pid) {
        Thread watch = new Thread(() -> endAfter(pid), "watch over the first JVM");
        watch.setDaemon(true);
        watch.start();
        try {
            new FileOutputStream(FileDescriptor.err).write(SecondJvmErrors.MAIN_REACHED);
        } catch (IOException nobodyListens) {
            // the first JVM is gone, which the watch finds out
        }
    }

    private static void endAfter(long pid) {
        boolean follows = true;
        while (follows) {
            try {
                Thread.sleep(MILLIS_BETWEEN_LOOKS);
                follows = isParent(pid);
            } catch (InterruptedException | OutOfMemoryError again) {
                // the next look comes soon, and must come even when a training has filled the heap
            }
        }
        System.exit(ORPHANED);
    }

    /** An orphan has another parent at once, whereas a process that was killed is in the list until it is waited for. */
    private static boolean isParent(long pid) {
        Optional<ProcessHandle> parent = ProcessHandle.current().parent();
        return parent.isPresent() && parent.get().pid() == pid;
    }
}
