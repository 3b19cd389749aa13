package dev.microgpt.train.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A reader that no file may crash.
 *
 * @param name     what reports call it
 * @param seeds    good inputs: each a folder with files by name
 * @param declared what it may throw
 * @param reader   reads such a folder
 * @param bound    how many bytes it may allocate
 */
record Target(
        String name,
        List<Map<String, byte[]>> seeds,
        List<Class<? extends IOException>> declared,
        Reader reader,
        Bound bound) {
    /** Reads the files of a folder; what it returns is called, outside of all measurements, if they are good. */
    interface Reader {
        Check read(Path folder) throws IOException;
    }

    /** Checks that what was read is sound: that it can be used, and comes back from a file that is written. */
    interface Check {
        void run(Path scratch) throws IOException;
    }

    /** Tells the most bytes that may be allocated, given those of the files. */
    interface Bound {
        long of(Map<String, byte[]> files);
    }

    @Override
    public String toString() {
        return name;
    }
}
