package dev.microgpt.train.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A reader to be fuzzed: no file may crash it.
 *
 * @param name     its name in reports
 * @param seeds    valid inputs, each a folder: file name → content
 * @param declared the exceptions it may throw
 * @param reader   reads a folder of such files
 * @param bound    the number of bytes it may allocate
 */
record Target(
        String name,
        List<Map<String, byte[]>> seeds,
        List<Class<? extends IOException>> declared,
        Reader reader,
        Bound bound) {
    /**
     * Reads the files of a folder; if they are accepted, the returned check runs afterwards, without being measured.
     */
    interface Reader {
        Check read(Path folder) throws IOException;
    }

    /** Checks that what was read is usable, and survives being written and read again. */
    interface Check {
        void run(Path scratch) throws IOException;
    }

    /** Returns the number of bytes that may be allocated for some files. */
    interface Bound {
        long of(Map<String, byte[]> files);
    }

    @Override
    public String toString() {
        return name;
    }
}
