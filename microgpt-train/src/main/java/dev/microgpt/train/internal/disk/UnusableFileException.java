package dev.microgpt.train.internal.disk;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A file that exists and could be opened, but not used; the reason is in our words, not in those of the system. */
public final class UnusableFileException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    /** @param reason what follows the path in a message: {@code must be …}, or what is wrong */
    public UnusableFileException(Path file, String reason) {
        super(file.toString(), null, reason);
    }

    @Override
    public String getMessage() {
        return SystemReason.after(getFile(), String.valueOf(getReason()));
    }
}
