package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * Writes the files of a {@link PreparedCorpus}.
 *
 * <p>Token files are written into a scratch folder and moved when both are complete. {@code tokenizer.json} is deleted
 * before and written after that: a folder with one is a complete corpus, even after a power failure.
 */
final class CorpusPreparation {
    /** Ids are stored in 16 bits; BOS, usually the last id, does not occur in a text. */
    private static final int MAX_VOCABULARY = (1 << 16) + 1;

    private static final String COPY = "text";

    private final Path folder;
    private final Path scratch;

    private CorpusPreparation(Path folder) {
        this.folder = folder;
        this.scratch = folder.resolve(".prepare-" + ProcessHandle.current().pid());
    }

    /** Returns what was normalized in the text. */
    static TextRepairs run(TextSource text, Path folder, double valFraction, @Nullable Tokenizer known)
            throws IOException {
        boolean isNew = !Files.exists(folder);
        if (!isNew && !Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
        CorpusPreparation preparation = new CorpusPreparation(folder);
        TextRepairs repairs;
        try {
            Files.createDirectories(preparation.scratch);
            repairs = preparation.write(text.spooled(preparation.scratch.resolve(COPY)), valFraction, known);
        } catch (Throwable failure) { // an OutOfMemoryError must not leave files behind either
            preparation.deleteAfter(failure, isNew);
            throw failure;
        }
        preparation.deleteScratch();
        return repairs;
    }

    private TextRepairs write(TextSource text, double valFraction, @Nullable Tokenizer known) throws IOException {
        TextScan scan = TextScan.of(text);
        Tokenizer used = scan.tokenizerFor(text, known);
        checkVocabulary(text, used);
        Split split = Split.ofText(scan.characters(), valFraction, text.name());
        try (EncodedText encoded = new EncodedText(text, used)) {
            writeTokens(PreparedCorpus.TRAINING, encoded, split.training());
            if (split.validation() > 0) {
                writeTokens(PreparedCorpus.VALIDATION, encoded, split.validation());
            }
            encoded.checkEnd();
        }
        Path tokenizer = folder.resolve(PreparedCorpus.TOKENIZER);
        Files.deleteIfExists(tokenizer);
        Files.deleteIfExists(folder.resolve(PreparedCorpus.VALIDATION));
        move(PreparedCorpus.TRAINING);
        if (split.validation() > 0) {
            move(PreparedCorpus.VALIDATION);
        }
        TokenizerFile.write(tokenizer, used);
        return scan.repairs();
    }

    private static void checkVocabulary(TextSource text, Tokenizer tokenizer) throws DataException {
        if (tokenizer.vocabSize() > MAX_VOCABULARY) {
            throw new DataException("data " + text.name() + ": the vocabulary has " + tokenizer.vocabSize()
                    + " tokens, but must have at most " + MAX_VOCABULARY
                    + ", because token files store ids in 16 bits; use a smaller vocabulary, such as that of bytes, or"
                    + " train on the text itself");
        }
    }

    private void writeTokens(String name, EncodedText encoded, long characters) throws IOException {
        TokenFileWriter.replace(scratch.resolve(name), out -> encoded.copy(characters, out::write));
    }

    private void move(String name) throws IOException {
        Files.move(scratch.resolve(name), folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** A second failure, of the clean-up, is attached to the first. */
    private void deleteAfter(Throwable failure, boolean folderToo) {
        try {
            deleteScratch();
            if (folderToo) {
                Files.deleteIfExists(folder);
            }
        } catch (IOException | RuntimeException second) {
            failure.addSuppressed(second);
        }
    }

    private void deleteScratch() throws IOException {
        Files.deleteIfExists(scratch.resolve(COPY));
        Files.deleteIfExists(scratch.resolve(PreparedCorpus.TRAINING));
        Files.deleteIfExists(scratch.resolve(PreparedCorpus.VALIDATION));
        Files.deleteIfExists(scratch);
    }
}
