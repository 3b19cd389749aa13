package dev.microgpt.autograd;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Which thread may change the values of a parameter, and how often it has begun to.
 *
 * <p>A sequence lock without waiting: a writer counts before it writes, and a reader that finds another count
 * afterwards knows that its values may be of two moments.
 */
final class WriterMark {
    // not an AtomicReference to the thread, whose methods would set up method handles in a short run
    private final AtomicInteger taken = new AtomicInteger();
    private @Nullable Thread writer; // of another thread, this may be out of date
    private int depth; // used by the writer alone
    private int changes; // written by the writer alone

    /** Makes the current thread the writer, perhaps once more; returns false if there is another. */
    boolean claim() {
        if (writer != Thread.currentThread()) {
            if (!taken.compareAndSet(0, 1)) {
                return false;
            }
            writer = Thread.currentThread();
        }
        depth++;
        return true;
    }

    /** Counts a change that the writer begins. */
    void count() {
        changes++;
        VarHandle.storeStoreFence(); // a reader that sees a new value also sees the new count
    }

    /** Ends the last claim of the current thread. */
    void end() {
        depth--;
        if (depth == 0) {
            writer = null;
            taken.lazySet(0);
        }
    }

    /** Returns whether a thread other than the current one is writing. */
    boolean isWrittenByAnother() {
        return taken.get() != 0 && writer != Thread.currentThread();
    }

    /** Returns the number of changes begun. */
    int changes() {
        return changes;
    }

    /** Describes the writer for messages. */
    String description() {
        Thread thread = writer;
        return thread == null ? "another thread" : "thread \"" + thread.getName() + "\"";
    }
}
