package dev.microgpt.cli.data;

import dev.microgpt.train.internal.disk.OrdinaryFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Estimates the mean number of tokens per document from the beginning of the data. */
public final class DocumentLength {
    private static final int BEGINNING = 1 << 16;

    private DocumentLength() {}

    /**
     * Estimates the mean length of the documents in a file.
     *
     * @param data      the file, or null for the bundled names
     * @param blockSize the length at which documents are cut; also the result for data that can be read only once, such
     *     as a pipe
     * @return the mean; 0 if the data cannot be read, which the command reports later
     */
    public static double mean(@Nullable Path data, int blockSize) {
        if (data != null && !canBeReadTwice(data)) {
            return blockSize;
        }
        try (InputStream in = data == null ? BundledNames.open() : OrdinaryFile.open(data)) {
            return mean(new String(in.readNBytes(BEGINNING), StandardCharsets.UTF_8), blockSize);
        } catch (IOException unreadable) {
            return 0;
        }
    }

    public static double mean(String beginning, int blockSize) {
        long documents = 0;
        long tokens = 0;
        for (String line : beginning.lines().toList()) {
            String text = line.strip();
            if (!text.isEmpty()) {
                documents++;
                tokens += Math.min(text.codePointCount(0, text.length()) + 1, blockSize);
            }
        }
        return documents == 0 ? 0 : (double) tokens / documents;
    }

    /** A name in /dev may stand for a file that is already open, with one position shared by all its readers. */
    private static boolean canBeReadTwice(Path data) {
        return Files.isRegularFile(data) && !data.startsWith("/dev") && !data.startsWith("/proc");
    }
}
