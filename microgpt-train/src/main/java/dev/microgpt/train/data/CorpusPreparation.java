package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.RecordFormat;
import dev.microgpt.train.data.read.TextRepairs;
import dev.microgpt.train.data.read.TextSource;
import dev.microgpt.train.internal.disk.Disk;
import dev.microgpt.train.internal.disk.NewFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
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

    private TextRepairs run(TextSource text, double valFraction, @Nullable Tokenizer known) throws IOException {
        TextRepairs repairs;
        try {
            Files.createDirectories(scratch);
            repairs = write(text.spooled(scratch.resolve(COPY)), valFraction, known);
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
        checkVocabulary(text, used, scan.boundaries() + scan.specials() > 0);
        TokenizerFile.write(scratch.resolve(PreparedCorpus.TOKENIZER), used); // refuses before all texts are encoded
        Split split = Split.ofText(scan.characters(), valFraction, text.name());
        try (EncodedText encoded = new EncodedText(text, format, used)) {
            writeTokens(PreparedCorpus.TRAINING, encoded, split.training());
            if (split.validation() > 0) {
                writeTokens(PreparedCorpus.VALIDATION, encoded, split.validation());
            }
            encoded.checkEnd();
        }
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
        return scan.repairs(used);
    }

    private static void checkVocabulary(TextSource text, Tokenizer tokenizer, boolean hasMarks) throws DataException {
        int size = tokenizer.vocabSize();
        boolean isBosStored = hasMarks || tokenizer.bos() != size - 1; // within one text it does not occur
        int most = isBosStored ? MAX_IDS : MAX_IDS + 1;
        if (size > most) {
            throw new DataException("data " + text.name() + ": the vocabulary has " + size
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
        Files.deleteIfExists(scratch.resolve(COPY));
        Files.deleteIfExists(scratch.resolve(PreparedCorpus.TRAINING));
        Files.deleteIfExists(scratch.resolve(PreparedCorpus.VALIDATION));
        Files.deleteIfExists(scratch.resolve(PreparedCorpus.TOKENIZER));
        Files.deleteIfExists(scratch);
    }
}
