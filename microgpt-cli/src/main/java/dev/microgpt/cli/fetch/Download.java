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
 * Fetches a file, which gets its name when it is complete, verified and durable, and not before.
 *
 * <p>What comes is kept in a {@link PartialFile}. If the connection breaks and the hash of the whole is known, the next
 * attempt goes on from there: the hash says afterwards whether the two pieces belong together, so that neither dates nor
 * tags of the server have to be kept and trusted. If they do not, all is fetched anew. Without a known hash nothing could
 * tell, and every attempt begins from the start.
 */
public final class Download {
    private final WebFile source;
    private final @Nullable String sha256;
    private final Path file;

    /**
     * A download that has not begun.
     *
     * @param sha256 the hash that the content must have, 64 lower-case hexadecimal digits, or null if any will do
     * @param file   where it goes, in a folder that is there; what has this name is replaced
     */
    public Download(WebFile source, @Nullable String sha256, Path file) {
        this.source = source;
        this.sha256 = sha256;
        this.file = file;
    }

    /**
     * Does it and returns the hash of what came.
     *
     * @throws CliException if the server cannot be reached or sends something else
     * @throws IOException  if the disk does not take it
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
                    keep ? "the same command goes on where this one stopped" : "try the same command again later");
        } catch (IOException | RuntimeException disk) {
            Files.deleteIfExists(path);
            throw disk;
        }
        if (sha256 != null && !found.equals(sha256)) {
            Files.delete(path);
            throw new CliException(
                    ExitCode.CONTENT,
                    file + ": not kept, found SHA-256 " + found + ", expected " + sha256,
                    "the file has changed, or something on the way answers in its place");
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
            return found; // complete; only the renaming is missing
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
