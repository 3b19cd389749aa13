package dev.microgpt.train.internal.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Errors of the system that are recognized by its own text for them, in whatever language, because they can be provoked
 * here without harm.
 */
enum KnownError {
    DISK_FULL("no space is left on the disk") {
        @Override
        void provoke() throws IOException {
            try (FileChannel full = FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE)) {
                full.write(ByteBuffer.allocate(1));
            }
        }
    },

    /** The first page of a process is never there. */
    DEVICE("the disk reports an input or output error") {
        @Override
        void provoke() throws IOException {
            try (FileChannel memory = FileChannel.open(Path.of("/proc/self/mem"), StandardOpenOption.READ)) {
                memory.read(ByteBuffer.allocate(1));
            }
        }
    },

    BROKEN_PIPE("the program that read it has ended") {
        @Override
        void provoke() throws IOException {
            Pipe pipe = Pipe.open();
            try (Pipe.SinkChannel sink = pipe.sink()) {
                pipe.source().close();
                sink.write(ByteBuffer.allocate(1));
            }
        }
    };

    private final String words;

    KnownError(String words) {
        this.words = words;
    }

    abstract void provoke() throws IOException;

    /** Returns the error that a text of the system is about, in words; null if it is none of these. */
    static @Nullable String named(String text) {
        for (KnownError known : values()) {
            if (known.isMeantBy(text)) {
                return known.words;
            }
        }
        return null;
    }

    /** Returns false if the error cannot be provoked on this system. */
    private boolean isMeantBy(String text) {
        try {
            provoke();
            return false;
        } catch (IOException provoked) {
            String message = provoked.getMessage();
            return text.equals(message);
        } catch (RuntimeException unsupported) {
            return false;
        }
    }

    String words() {
        return words;
    }
}
