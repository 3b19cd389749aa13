package dev.microgpt.cli.jvm;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Optional;

/** Ties a second JVM to the one that started it, see {@link SecondJvm}. */
public final class FirstJvm {
    /** The system property with the process id of the first JVM. */
    public static final String PID = "microgpt.first.pid";

    private static final int MILLIS_BETWEEN_LOOKS = 200;

    // the exit code of a hang-up: the process that waited for the results is gone
    private static final int ORPHANED = 128 + 1;

    private FirstJvm() {}

    /** Reports that {@code main} is reached, and ends this JVM soon after the first ends, even by {@code kill -9}. */
    public static void follow(long pid) {
        Thread watch = new Thread(() -> endAfter(pid), "watch for the end of the first JVM");
        watch.setDaemon(true);
        watch.start();
        try {
            new FileOutputStream(FileDescriptor.err).write(SecondJvmErrors.MAIN_REACHED);
        } catch (IOException closed) {
            // the first JVM is gone, which the watch notices
        }
    }

    private static void endAfter(long pid) {
        boolean follows = true;
        while (follows) {
            try {
                Thread.sleep(MILLIS_BETWEEN_LOOKS);
                follows = isParent(pid);
            } catch (InterruptedException | OutOfMemoryError again) {
                // the watch must continue, even if training has filled the heap
            }
        }
        System.exit(ORPHANED);
    }

    /**
     * Checks the parent, which changes as soon as it ends; a killed process itself stays listed until it is waited for.
     */
    private static boolean isParent(long pid) {
        Optional<ProcessHandle> parent = ProcessHandle.current().parent();
        return parent.isPresent() && parent.get().pid() == pid;
    }
}
