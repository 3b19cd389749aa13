package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.RecordFormat;
import dev.microgpt.train.data.read.TextRepairs;
import dev.microgpt.train.data.read.TextSource;
import dev.microgpt.train.internal.Checks;
import dev.microgpt.train.internal.Pickle;
import dev.microgpt.train.internal.Sha256;
import dev.microgpt.train.internal.disk.FileState;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A text that was encoded in advance and may be larger than the heap: a folder with {@code train.bin}, {@code val.bin}
 * if there is a validation split, and {@code tokenizer.json}.
 *
 * <p>The {@code .bin} files are those of nanoGPT, see {@link TokenFile}; the third is a {@link TokenizerFile}. To use
 * the {@code .bin} files of nanoGPT's {@code shakespeare_char}, whose ids are those of a
 * {@link dev.microgpt.model.tokenizer.CharTokenizer}, write a {@code tokenizer.json} with the characters in ascending
 * order: <pre>{@code {"type":"char","alphabet":"…"}}</pre>
 */
public final class PreparedCorpus implements Corpus {
    static final String TRAINING = "train.bin";
    static final String VALIDATION = "val.bin";
    static final String TOKENIZER = "tokenizer.json";
    private static final String[] NAMES = {TRAINING, VALIDATION, TOKENIZER};

    private final Path folder;
    private final Tokenizer tokenizer;
    private final TokenFile training;
    private final @Nullable TokenFile validation;
    private TextRepairs repairs = TextRepairs.NONE;
    private String sha256 = ""; // until it is asked for

    private PreparedCorpus(Path folder, Tokenizer tokenizer, TokenFile training, @Nullable TokenFile validation) {
        this.folder = folder;
        this.tokenizer = tokenizer;
        this.training = training;
        this.validation = validation;
    }

    /**
     * Opens a prepared corpus, whose token files are read once to check their ids.
     *
     * @param folder the folder
     * @return the corpus
     * @throws DataException if the folder lacks {@code train.bin} or {@code tokenizer.json}, or if a file is invalid;
     *     for an id that is not in the vocabulary, with file and position
     * @throws IOException   if a file cannot be opened
     */
    public static PreparedCorpus open(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        if (!Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
        if (!Files.exists(folder.resolve(TRAINING))) {
            throw new DataException(
                    "data " + folder + ": the folder has no " + TRAINING + "; a prepared corpus must have " + TRAINING
                            + " and " + TOKENIZER + ", and may have " + VALIDATION);
        }
        if (!Files.exists(folder.resolve(TOKENIZER)) && Files.exists(folder.resolve("meta.pkl"))) {
            throw new DataException("data " + folder + ": the folder has " + TRAINING + ", but its tokenizer is in"
                    + " meta.pkl, a Python pickle" + Pickle.REPAIR);
        }
        if (!Files.exists(folder.resolve(TOKENIZER))) {
            throw new DataException("data " + folder + ": the folder has " + TRAINING + ", but no " + TOKENIZER
                    + "; if its ids stand for characters, the file must be {\"type\":\"char\",\"alphabet\":\"…\"} with"
                    + " the characters in the order of their ids");
        }
        FileState start = FileState.of(folder.resolve(TOKENIZER));
        Tokenizer tokenizer = TokenizerFile.read(folder.resolve(TOKENIZER));
        TokenFile training = TokenFile.open(folder.resolve(TRAINING), tokenizer.vocabSize());
        Path file = folder.resolve(VALIDATION);
        TokenFile validation = Files.exists(file) ? TokenFile.open(file, tokenizer.vocabSize()) : null;
        checkUnchanged(folder, start);
        return new PreparedCorpus(folder, tokenizer, training, validation);
    }

    /**
     * A corpus is replaced by deleting the tokenizer first and writing it last: if it did not change, all files match.
     */
    private static void checkUnchanged(Path folder, FileState start) throws IOException {
        Path file = folder.resolve(TOKENIZER);
        if (!Files.exists(file) || !FileState.of(file).equals(start)) {
            throw new DataException("data " + folder + ": " + TOKENIZER
                    + " changed while the folder was opened, but the files must stay the same; try again");
        }
    }

    /**
     * Encodes a text into a folder and opens it, as {@link #prepare(TextSource, RecordFormat, Path, double, boolean,
     * Tokenizer)} does with each file as it is.
     *
     * @param text        the text
     * @param folder      the folder, created if it does not exist
     * @param valFraction the fraction at the end of the text to hold out, as for {@link TextCorpus#read}
     * @param overwrite   whether to replace an existing corpus, whose files stay until the new ones are complete
     * @param known       the tokenizer; null for a token per character
     * @return the corpus
     * @throws IllegalArgumentException   if the fraction is out of range
     * @throws FileAlreadyExistsException if the folder has one of the files and {@code overwrite} is false, or if one
     *     is not that of a corpus; nothing was written
     * @throws DataException as with a format
     * @throws IOException                if the text cannot be read or the files cannot be written
     */
    public static PreparedCorpus prepare(
            TextSource text, Path folder, double valFraction, boolean overwrite, @Nullable Tokenizer known)
            throws IOException {
        return prepare(text, RecordFormat.lines(), folder, valFraction, overwrite, known);
    }

    /**
     * Encodes the records of a text into a folder and opens it; they are joined as those of a {@link TextCorpus}. The
     * memory needed depends on the longest record, not on the length of the text. The text is read twice; a stream is
     * first copied to a temporary file in the folder.
     *
     * @param text        the text
     * @param format      what the records are; {@link RecordFormat#lines} for each file as it is
     * @param folder      the folder, created if it does not exist
     * @param valFraction the fraction at the end of the text to hold out, as for {@link TextCorpus#read}
     * @param overwrite   whether to replace an existing corpus, whose files stay until the new ones are complete
     * @param known       the tokenizer; null for a token per character
     * @return the corpus
     * @throws IllegalArgumentException   if the fraction is out of range
     * @throws FileAlreadyExistsException if the folder has one of the files and {@code overwrite} is false, or if one
     *     is not that of a corpus; nothing was written
     * @throws DataException if the text is empty or not UTF-8, if a file breaks a rule of its format, if the vocabulary
     *     lacks a character of the text or has more than 65,537 tokens, or if there is a validation split and either
     *     split has fewer than 2 characters
     * @throws IOException                if the text cannot be read or the files cannot be written
     */
    public static PreparedCorpus prepare(
            TextSource text,
            RecordFormat format,
            Path folder,
            double valFraction,
            boolean overwrite,
            @Nullable Tokenizer known)
            throws IOException {
        checkFolder(folder, valFraction, overwrite, known);
        TextRepairs repairs = CorpusPreparation.run(text, format, folder, valFraction, known);
        PreparedCorpus corpus = open(folder);
        corpus.repairs = repairs;
        return corpus;
    }

    /**
     * Encodes a text in parts into a folder and opens it. The bytes are those of the whole text, however it is divided.
     *
     * @param parts       the text; special tokens that are written out in it are plain text
     * @param folder      the folder, created if it does not exist
     * @param valFraction the fraction at the end of the text to hold out, as for {@link TextCorpus#read}
     * @param overwrite   whether to replace an existing corpus, whose files stay until the new ones are complete
     * @param known       the tokenizer, one of this library; null for a token per character
     * @return the corpus
     * @throws IllegalArgumentException   if the fraction is out of range
     * @throws FileAlreadyExistsException if the folder has one of the files and {@code overwrite} is false, or if one
     *     is not that of a corpus; nothing was written
     * @throws DataException as for a whole text
     * @throws IOException                if a part cannot be read or the files cannot be written
     */
    public static PreparedCorpus prepare(
            CorpusParts parts, Path folder, double valFraction, boolean overwrite, @Nullable Tokenizer known)
            throws IOException {
        checkFolder(folder, valFraction, overwrite, known);
        TextRepairs repairs = CorpusPreparation.run(parts, folder, valFraction, known);
        PreparedCorpus corpus = open(folder);
        corpus.repairs = repairs;
        return corpus;
    }

    private static void checkFolder(Path folder, double valFraction, boolean overwrite, @Nullable Tokenizer known)
            throws IOException {
        Checks.fraction("validation fraction", valFraction);
        if (overwrite) {
            checkReplaceable(folder, known);
        } else {
            checkFree(folder);
        }
    }

    /**
     * Refuses files that only share their names with those of a corpus, such as the tokenizer of a model. At no instant
     * of a preparation does one of the others exist without {@code train.bin}.
     */
    private static void checkReplaceable(Path folder, @Nullable Tokenizer known) throws IOException {
        for (String name : NAMES) {
            Path file = folder.resolve(name);
            if (!Files.exists(file)) {
                continue;
            }
            String other = ", so it is not part of a prepared corpus";
            if (!Files.isRegularFile(file)) {
                throw new FileAlreadyExistsException(file.toString(), null, "is not an ordinary file");
            }
            Tokenizer tokenizer = null;
            if (name.equals(TOKENIZER)) {
                try {
                    tokenizer = TokenizerFile.read(file);
                } catch (DataException otherFormat) {
                    throw new FileAlreadyExistsException(file.toString(), null, "is not a tokenizer" + other);
                }
            }
            boolean isSame = tokenizer != null && tokenizer.equals(known); // nothing is lost
            if (!isSame && !Files.exists(folder.resolve(TRAINING))) {
                throw new FileAlreadyExistsException(file.toString(), null, "exists without " + TRAINING + other);
            }
        }
    }

    private static void checkFree(Path folder) throws IOException {
        for (String name : NAMES) {
            Path file = folder.resolve(name);
            if (Files.exists(file)) {
                throw new FileAlreadyExistsException(file.toString(), null, "already exists");
            }
        }
    }

    /** {@return what {@link #prepare} normalized in the text; nothing for a corpus that was only opened} */
    public TextRepairs repairs() {
        return repairs;
    }

    @Override
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public Tokens training() {
        return training;
    }

    @Override
    public @Nullable Tokens validation() {
        return validation;
    }

    @Override
    public long validationBytes() {
        return validation == null ? 0 : TokenBytes.afterTheFirst(validation, tokenizer);
    }

    /** {@inheritDoc} It is the hash of {@code train.bin} followed by {@code val.bin}. */
    @Override
    public synchronized String sha256() throws IOException {
        if (sha256.isEmpty()) {
            Path trained = folder.resolve(TRAINING);
            sha256 = validation == null ? Sha256.of(trained) : Sha256.of(trained, folder.resolve(VALIDATION));
        }
        return sha256;
    }
}
