package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.RecordFormat;
import dev.microgpt.train.data.read.TextRepairs;
import dev.microgpt.train.data.read.TextSource;
import dev.microgpt.train.internal.disk.AtomicFile;
import dev.microgpt.train.internal.disk.Disk;
import dev.microgpt.train.internal.disk.NewFolders;
import dev.microgpt.train.internal.disk.OrdinaryFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the files of a {@link PreparedCorpus}.
 *
 * <p>All files are written into a scratch folder and moved when they are complete, so a full disk costs nothing that
 * existed. {@code tokenizer.json} is deleted before the token files are moved, and moved after them: a folder with one
 * is a complete corpus, even after a power failure.
 */
final class CorpusPreparation {
    /** Ids are stored in 16 bits. */
    private static final int MAX_IDS = 1 << 16;

    private static final String COPY = "text";

    private final RecordFormat format;
    private final Path folder;
    private final Path scratch;

    /** The files that are in their place, the last first. */
    private final Deque<Path> moved = new ArrayDeque<>();

    private CorpusPreparation(RecordFormat format, Path folder) {
        this.format = format;
        this.folder = folder;
        this.scratch = folder.resolve(".prepare-" + ProcessHandle.current().pid());
    }

    /** Returns what was normalized in the text. */
    static TextRepairs run(
            TextSource text, RecordFormat format, Path folder, double valFraction, @Nullable Tokenizer known)
            throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
        CorpusPreparation preparation = new CorpusPreparation(format, folder);
        return NewFolders.with(folder, () -> preparation.run(text, valFraction, known));
    }

    /** Prepares parts, each of which is encoded into files of its own. */
    static TextRepairs run(CorpusParts parts, Path folder, double valFraction, @Nullable Tokenizer known)
            throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
        CorpusPreparation preparation = new CorpusPreparation(RecordFormat.lines(), folder);
        return NewFolders.with(folder, () -> preparation.run(() -> preparation.write(parts, valFraction, known)));
    }

    private TextRepairs run(TextSource text, double valFraction, @Nullable Tokenizer known) throws IOException {
        return run(() -> write(text.spooled(scratch.resolve(COPY)), valFraction, known));
    }

    private TextRepairs run(NewFolders.Work<TextRepairs> work) throws IOException {
        TextRepairs repairs;
        try {
            Files.createDirectories(scratch);
            repairs = work.run();
        } catch (Throwable failure) { // an OutOfMemoryError must not leave files behind either
            deleteAfter(failure);
            throw failure;
        }
        deleteScratch();
        return repairs;
    }

    private TextRepairs write(TextSource text, double valFraction, @Nullable Tokenizer known) throws IOException {
        TextScan scan = TextScan.of(text, format, known);
        Tokenizer used = scan.tokenizerFor(text, format, known);
        checkVocabulary(text.name(), used, scan.boundaries() + scan.specials() > 0);
        TokenizerFile.write(scratch.resolve(PreparedCorpus.TOKENIZER), used); // refuses before all texts are encoded
        Split split = Split.ofText(scan.characters(), valFraction, text.name());
        try (EncodedText encoded = new EncodedText(text, format, used)) {
            writeTokens(PreparedCorpus.TRAINING, encoded, split.training());
            if (split.validation() > 0) {
                writeTokens(PreparedCorpus.VALIDATION, encoded, split.validation());
            }
            encoded.checkEnd();
        }
        install(split);
        return scan.repairs(used);
    }

    private TextRepairs write(CorpusParts parts, double valFraction, @Nullable Tokenizer known) throws IOException {
        List<PartScan> scans = parts.scan();
        TextScan scan = TextScan.of(parts.name(), scans);
        Tokenizer used = scan.tokenizerFor(parts.name(), known);
        checkVocabulary(parts.name(), used, scan.boundaries() > 0);
        Path tokenizer = scratch.resolve(PreparedCorpus.TOKENIZER);
        TokenizerFile.write(tokenizer, used);
        Split split = Split.ofText(scan.characters(), valFraction, parts.name());
        List<PartTokens> files = parts.encode(TextScan.places(parts.name(), scans, split), tokenizer, scratch);
        List<String> training = new ArrayList<>();
        List<String> validation = new ArrayList<>();
        for (PartTokens each : files) {
            training.add(each.training());
            validation.add(each.validation());
        }
        join(PreparedCorpus.TRAINING, training);
        if (split.validation() > 0) {
            join(PreparedCorpus.VALIDATION, validation);
        }
        install(split);
        return scan.repairs(used);
    }

    private void join(String name, List<String> files) throws IOException {
        AtomicFile.replace(scratch.resolve(name), out -> {
            for (String file : files) {
                if (!file.isEmpty()) {
                    try (InputStream in = OrdinaryFile.open(scratch.resolve(file))) {
                        in.transferTo(out);
                    }
                }
            }
        });
    }

    /** Moves the complete files to their places. */
    private void install(Split split) throws IOException {
        Disk.operations().delete(folder.resolve(PreparedCorpus.TOKENIZER));
        Disk.operations().delete(folder.resolve(PreparedCorpus.VALIDATION));
        move(PreparedCorpus.TRAINING);
        if (split.validation() > 0) {
            move(PreparedCorpus.VALIDATION);
        }
        Disk.operations().syncFolder(folder);
        move(PreparedCorpus.TOKENIZER);
        moved.clear(); // nothing is missing
        Disk.operations().syncFolder(folder);
    }

    private static void checkVocabulary(String name, Tokenizer tokenizer, boolean hasMarks) throws DataException {
        int size = tokenizer.vocabSize();
        boolean isBosStored = hasMarks || tokenizer.bos() != size - 1; // within one text it does not occur
        int most = isBosStored ? MAX_IDS : MAX_IDS + 1;
        if (size > most) {
            throw new DataException("data " + name + ": the vocabulary has " + size
                    + " tokens, but must have at most " + most
                    + ", because token files store ids in 16 bits; use a smaller vocabulary, such as that of bytes, or"
                    + " train on the text itself");
        }
    }

    private void writeTokens(String name, EncodedText encoded, long characters) throws IOException {
        TokenFileWriter.replace(scratch.resolve(name), out -> encoded.copy(characters, out::write));
    }

    private void move(String name) throws IOException {
        Disk.operations().rename(scratch.resolve(name), folder.resolve(name));
        moved.push(folder.resolve(name));
    }

    /** A second failure, of the clean-up, is attached to the first. */
    private void deleteAfter(Throwable failure) {
        try {
            for (Path file : moved) {
                Files.deleteIfExists(file);
            }
            deleteScratch();
        } catch (IOException | RuntimeException second) {
            failure.addSuppressed(second);
        }
    }

    private void deleteScratch() throws IOException {
        String[] names = scratch.toFile().list(); // those of attempts that failed, too
        for (String name : names == null ? new String[0] : names) {
            Files.deleteIfExists(scratch.resolve(name));
        }
        Files.deleteIfExists(scratch);
    }
}
