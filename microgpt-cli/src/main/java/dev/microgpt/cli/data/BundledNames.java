package dev.microgpt.cli.data;

import dev.microgpt.train.data.Documents;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;

/** The names dataset that is bundled with the program. */
public final class BundledNames {
    private static final String RESOURCE = "names.txt";

    private BundledNames() {}

    /** Reads the documents. */
    public static Documents read() throws IOException {
        try (InputStream in = open()) {
            return Documents.of(in.readAllBytes(), RESOURCE);
        }
    }

    /** Opens the original file. */
    static InputStream open() throws IOException {
        InputStream in = BundledNames.class.getResourceAsStream(RESOURCE);
        if (in == null) {
            throw new NoSuchFileException(RESOURCE, null, "not in the jar; build it again");
        }
        return in;
    }
}
