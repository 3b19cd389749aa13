package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.Tokenizer;
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
 * A text that was encoded beforehand and may be larger than the heap: a folder with {@code train.bin}, {@code val.bin} if
 * something is held back, and {@code tokenizer.json}.
 *
 * <p>The {@code .bin} files are nanoGPT's, see {@link TokenFile}; the third is a {@link TokenizerFile}. nanoGPT's
 * {@code shakespeare_char} has the ids of a {@link dev.microgpt.model.tokenizer.CharTokenizer}, so that its {@code .bin}
 * files need nothing but <pre>{@code {"type":"char","alphabet":"…"}}</pre> with its characters in ascending order.
 */
public final class PreparedCorpus implements Corpus {
    static final String TRAINING = "train.bin";
    static final String VALIDATION = "val.bin";
    static final String TOKENIZER = "tokenizer.json";

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
     * Opens the files of a folder.
     *
     * @param folder the path
     * @return the corpus
     * @throws DataException if the folder lacks {@code train.bin} or {@code tokenizer.json}, or if a file has another
     *     content
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
            throw new DataException("data " + folder + ": found no " + TRAINING + " in this folder, expected "
                    + TRAINING + ", " + TOKENIZER + " and perhaps " + VALIDATION
                    + "; microgpt data prepare makes them from a text");
        }
        if (!Files.exists(folder.resolve(TOKENIZER))) {
            throw new DataException("data " + folder + ": found " + TRAINING + " without " + TOKENIZER
                    + ", expected {\"type\":\"char\",\"alphabet\":\"…\"} in it, with the characters in the order of their"
                    + " ids; write it, or let microgpt data prepare make all files from the text");
        }
        FileState start = FileState.of(folder.resolve(TOKENIZER));
        Tokenizer tokenizer = TokenizerFile.read(folder.resolve(TOKENIZER));
        TokenFile training = TokenFile.open(folder.resolve(TRAINING), tokenizer.vocabSize());
        Path held = folder.resolve(VALIDATION);
        TokenFile validation = Files.exists(held) ? TokenFile.open(held, tokenizer.vocabSize()) : null;
        checkUnchanged(folder, start);
        return new PreparedCorpus(folder, tokenizer, training, validation);
    }

    /** Whoever replaces a corpus deletes the tokenizer first, and writes it last: the tokens are those it belongs to. */
    private static void checkUnchanged(Path folder, FileState start) throws IOException {
        Path file = folder.resolve(TOKENIZER);
        if (!Files.exists(file) || !FileState.of(file).equals(start)) {
            throw new DataException("data " + folder + ": found another " + TOKENIZER
                    + " than at the start, expected no change while the folder is opened; try again");
        }
    }

    /**
     * Encodes a text into a folder, with a token for each character, and opens it. The memory this takes does not depend
     * on the length of the text, which is read twice; a stream is first copied to a temporary file in the folder.
     *
     * @param text        where it comes from
     * @param folder      made if there is none
     * @param valFraction how much at its end to hold back, as for {@link TextCorpus#read}
     * @param overwrite   whether to replace files of another corpus; they stay until the new ones are complete
     * @return the corpus
     * @throws IllegalArgumentException   if the fraction is out of its range
     * @throws FileAlreadyExistsException if the folder has one of the files, and they are not to be replaced
     * @throws DataException              if the text is not UTF-8, empty, has more than 65,536 different characters, or
     *     if a part is held back and either part has fewer than 2 characters
     * @throws IOException                if the text cannot be read or the files cannot be written
     */
    public static PreparedCorpus prepare(TextSource text, Path folder, double valFraction, boolean overwrite)
            throws IOException {
        return prepare(text, folder, valFraction, overwrite, null);
    }

    /**
     * Encodes a text into a folder with a tokenizer that is given, and opens it, otherwise as above.
     *
     * @param text        where it comes from
     * @param folder      made if there is none
     * @param valFraction how much of the characters at its end to hold back
     * @param overwrite   whether to replace files of another corpus; they stay until the new ones are complete
     * @param known       the tokenizer, or null for a token for each character
     * @return the corpus
     * @throws IllegalArgumentException   if the fraction is out of its range
     * @throws FileAlreadyExistsException if the folder has one of the files, and they are not to be replaced
     * @throws DataException              as above, or if the text has a character that the tokenizer has no token for
     * @throws IOException                if the text cannot be read or the files cannot be written
     */
    public static PreparedCorpus prepare(
            TextSource text, Path folder, double valFraction, boolean overwrite, @Nullable Tokenizer known)
            throws IOException {
        Split.checkFraction(valFraction);
        if (!overwrite) {
            checkFree(folder);
        }
        TextRepairs repairs = CorpusPreparation.run(text, folder, valFraction, known);
        PreparedCorpus corpus = open(folder);
        corpus.repairs = repairs;
        return corpus;
    }

    private static void checkFree(Path folder) throws IOException {
        for (String name : new String[] {TRAINING, VALIDATION, TOKENIZER}) {
            Path file = folder.resolve(name);
            if (Files.exists(file)) {
                throw new FileAlreadyExistsException(file.toString(), null, "is there already");
            }
        }
    }

    /** {@return what was set right in the text by {@link #prepare}; nothing in a corpus that was only opened} */
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

    /** {@inheritDoc} It is that of {@code train.bin} and {@code val.bin}, one after the other. */
    @Override
    public synchronized String sha256() throws IOException {
        if (sha256.isEmpty()) {
            Path trained = folder.resolve(TRAINING);
            sha256 = validation == null ? Sha256.of(trained) : Sha256.of(trained, folder.resolve(VALIDATION));
        }
        return sha256;
    }
}
