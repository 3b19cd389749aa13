package dev.microgpt.cli.fetch;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.DownloadLine;
import dev.microgpt.train.internal.disk.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Downloads a file, which gets its name only when it is complete, verified and durable.
 *
 * <p>Data is received into a {@link PartialFile}. If the connection breaks and the hash of the file is known, the next
 * attempt continues from there. The hash shows at the end whether the pieces belong together, so no dates or tags of
 * the server need to be kept and trusted; if they do not, the whole file is downloaded again. Without a known hash,
 * every attempt starts from the beginning.
 */
public final class Download {
    private final WebFile source;
    private final @Nullable String sha256;
    private final Path file;

    /**
     * A download that has not started.
     *
     * @param sha256 the hash that the content must have, 64 lower-case hexadecimal digits, or null for any content
     * @param file   the file to write, in an existing folder; replaced if it exists
     */
    public Download(WebFile source, @Nullable String sha256, Path file) {
        this.source = source;
        this.sha256 = sha256;
        this.file = file;
    }

    /**
     * Downloads the file and returns its hash.
     *
     * @throws CliException if the server cannot be reached or sends something else
     * @throws IOException  if the file cannot be written
     */
    public String run(DownloadLine line) throws IOException {
        Path path = PartialFile.pathFor(file);
        PartialFile part = PartialFile.open(path);
        String found;
        try (part) {
            found = fill(part, line);
            part.sync();
        } catch (NetworkException broken) {
            boolean keep = sha256 != null && Files.size(path) > 0;
            if (!keep) {
                Files.delete(path);
            }
            throw new CliException(
                    ExitCode.IO,
                    String.valueOf(broken.getMessage()),
                    keep
                            ? "run the same command again to continue where it stopped"
                            : "run the same command again later");
        } catch (Throwable disk) { // an OutOfMemoryError must not leave the file behind either
            Files.deleteIfExists(path);
            throw disk;
        }
        if (sha256 != null && !found.equals(sha256)) {
            Files.delete(path);
            throw new CliException(
                    ExitCode.CONTENT,
                    file + " was not kept: its SHA-256 is " + found + ", but must be " + sha256,
                    "the file has changed, or something between here and the server has answered instead");
        }
        AtomicFile.move(path, file);
        return found;
    }

    private String fill(PartialFile part, DownloadLine line) throws IOException {
        if (sha256 == null) {
            part.clear();
        }
        boolean resumed = part.length() > 0;
        String found = resumed ? part.sha256() : "";
        if (resumed && found.equals(sha256)) {
            return found; // complete, but not renamed yet
        }
        source.copyTo(part, line);
        found = part.sha256();
        if (resumed && !found.equals(sha256)) {
            part.clear();
            source.copyTo(part, line);
            found = part.sha256();
        }
        return found;
    }
}
