package dev.microgpt.cli;

import dev.microgpt.train.DataException;
import dev.microgpt.train.Documents;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the documents that {@code --data} means. */
final class DocumentFiles {
    private static final String EXTENSION = ".txt";

    private DocumentFiles() {}

    /** Reads a file, the {@code *.txt} of a folder in the order of their names, or standard input. */
    static Documents read(@Nullable Path data) throws IOException {
        if (data == null) {
            return BundledNames.read();
        }
        if (data.toString().equals("-")) {
            return Documents.of(System.in.readAllBytes(), "-");
        }
        return Files.isDirectory(data) ? readFolder(data) : Documents.read(data);
    }

    private static Documents readFolder(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> entries = Files.list(folder)) {
            entries.filter(DocumentFiles::isText).forEach(files::add);
        }
        if (files.isEmpty()) {
            throw new DataException("data " + folder + ": found no file NAME" + EXTENSION
                    + " in this folder, expected at least one; name the file itself if it is called otherwise");
        }
        Collections.sort(files);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (Path file : files) {
            content.write(Files.readAllBytes(file));
            content.write('\n'); // a last line without its end must not continue in the next file
        }
        return Documents.of(content.toByteArray(), folder.toString());
    }

    private static boolean isText(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(EXTENSION) && !name.startsWith(".") && Files.isRegularFile(file);
    }
}
