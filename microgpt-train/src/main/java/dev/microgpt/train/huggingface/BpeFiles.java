package dev.microgpt.train.huggingface;

import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.model.tokenizer.BpeVocabulary;
import dev.microgpt.model.tokenizer.BpeVocabularyBuilder;
import dev.microgpt.model.tokenizer.ByteLetters;
import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.disk.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * GPT-2's original tokenizer files: {@code vocab.json} and {@code merges.txt}, and {@code added_tokens.json} if there
 * are added tokens.
 *
 * @see <a href="https://github.com/openai/gpt-2/blob/master/src/encoder.py">GPT-2, encoder.py</a>
 */
final class BpeFiles {
    static final String VOCAB = "vocab.json";
    static final String MERGES = "merges.txt";
    static final String ADDED = "added_tokens.json";

    private static final String HEADER = "#version: 0.2\n";

    /** One token in 100 may lack a merge, such as a special token that cannot be recognized as one. */
    private static final int TOKENS_PER_UNMADE = 100;

    private BpeFiles() {}

    static boolean areIn(Path folder) {
        return Files.exists(folder.resolve(VOCAB)) && Files.exists(folder.resolve(MERGES));
    }

    /**
     * Reads a tokenizer.
     *
     * @param endOfText the id of BOS, used if that token can be special; otherwise BOS is {@code <|endoftext|>}, if
     *     present
     */
    static BpeTokenizer read(Path folder, @Nullable Integer endOfText) throws IOException {
        Map<String, Integer> ids = new LinkedHashMap<>();
        Path vocab = folder.resolve(VOCAB);
        VocabFile.read(vocab, ids);
        // not Set.copyOf, which searches linearly among tokens of equal hashes
        List<String[]> merges = MergesFile.read(folder.resolve(MERGES), new HashSet<>(ids.keySet()));
        Set<String> added = new HashSet<>();
        if (Files.exists(folder.resolve(ADDED))) {
            Map<String, Integer> listed = new LinkedHashMap<>();
            VocabFile.read(folder.resolve(ADDED), listed);
            added.addAll(listed.keySet());
            VocabFile.read(folder.resolve(ADDED), ids); // compares the ids of tokens that both files have
        }
        checkMade(folder.resolve(MERGES), ids.keySet(), added, merges);
        try {
            return new BpeTokenizer(vocabulary(VocabFile.byId(vocab.toString(), ids), merges, added, endOfText));
        } catch (IllegalArgumentException wrong) {
            throw new HuggingFaceException(folder + ": " + wrong.getMessage(), wrong);
        }
    }

    /** A truncated merges file is still well formed, but would tokenize text differently. */
    private static void checkMade(Path file, Set<String> tokens, Set<String> added, List<String[]> merges)
            throws HuggingFaceException {
        Set<String> made = new HashSet<>();
        for (String[] merge : merges) {
            made.add(merge[0] + merge[1]);
        }
        int unmade = 0;
        String first = "";
        for (String token : tokens) {
            boolean isSpecial = added.contains(token) || looksSpecial(token) || !isLetters(token);
            if (token.length() > 1 && !isSpecial && !made.contains(token)) {
                first = unmade == 0 ? token : first;
                unmade++;
            }
        }
        if (unmade > tokens.size() / TOKENS_PER_UNMADE) {
            throw new HuggingFaceException(file + ": none of its " + merges.size() + " merges produces the token "
                    + Quoted.of(first) + " of " + VOCAB + ", and each token must have one; " + unmade + " of "
                    + tokens.size() + " tokens have none: is the file complete?");
        }
    }

    private static boolean looksSpecial(String token) {
        return token.startsWith("<") && token.endsWith(">") || token.startsWith("[") && token.endsWith("]");
    }

    private static BpeVocabulary vocabulary(
            Map<Integer, String> tokens, List<String[]> merges, Set<String> added, @Nullable Integer endOfText) {
        BpeVocabularyBuilder builder = new BpeVocabularyBuilder();
        builder.noBos();
        Set<String> made = new HashSet<>();
        boolean hasEnd = false;
        for (String[] merge : merges) {
            made.add(merge[0] + merge[1]);
            builder.merge(ByteLetters.toBytes(merge[0]), ByteLetters.toBytes(merge[1]));
        }
        for (Map.Entry<Integer, String> entry : tokens.entrySet()) {
            int id = entry.getKey();
            String token = entry.getValue();
            boolean isLetters = isLetters(token);
            boolean fromText = isLetters && token.length() == 1 || made.contains(token);
            boolean end = endOfText != null && endOfText == id;
            if (!fromText && (end || token.equals(BpeVocabulary.END_OF_TEXT) || added.contains(token) || !isLetters)) {
                builder.special(id, token);
            } else {
                builder.token(id, ByteLetters.toBytes(token));
            }
            if (!fromText && (end || !hasEnd && token.equals(BpeVocabulary.END_OF_TEXT))) {
                builder.bos(token);
                hasEnd = true;
            }
        }
        return builder.build();
    }

    private static boolean isLetters(String token) {
        try {
            ByteLetters.toBytes(token);
            return true;
        } catch (IllegalArgumentException other) {
            return false;
        }
    }

    /** Returns whether {@link #read} would accept the files of a vocabulary; any other needs a tokenizer.json. */
    static boolean canExpress(BpeVocabulary vocabulary) {
        Set<Integer> made = new HashSet<>(vocabulary.specialTokens().values());
        long bytes = HEADER.length();
        for (BpeVocabulary.Merge merge : vocabulary.merges()) {
            made.add(merge.token());
            bytes += 2L * vocabulary.bytes(merge.token()).length + 2; // a letter has up to two bytes
        }
        int unmade = 0;
        boolean isClear = bytes <= MergesFile.MAX_BYTES;
        for (int id = 0; id < vocabulary.size(); id++) {
            byte[] token = vocabulary.bytes(id);
            if (token.length > 1 && !made.contains(id)) {
                unmade++;
                isClear &= !BpeVocabulary.END_OF_TEXT.equals(new String(token, StandardCharsets.UTF_8));
            }
        }
        for (String special : vocabulary.specialTokens().keySet()) {
            boolean isBos = vocabulary.bos() != BpeVocabulary.NO_BOS || !special.equals(BpeVocabulary.END_OF_TEXT);
            isClear &= isBos && !(special.length() == 1 && isLetters(special)); // a letter is a byte
        }
        return isClear && unmade <= vocabulary.size() / TOKENS_PER_UNMADE;
    }

    /** Writes the files of a vocabulary that they {@linkplain #canExpress can express}. */
    static void write(Path folder, BpeVocabulary vocabulary) throws IOException {
        Map<String, @Nullable Object> ids = new LinkedHashMap<>();
        Map<String, @Nullable Object> added = new LinkedHashMap<>();
        Set<Integer> special = Set.copyOf(vocabulary.specialTokens().values());
        for (int id = 0; id < vocabulary.size(); id++) {
            String token = letters(vocabulary, id, special.contains(id));
            ids.put(token, id);
            if (special.contains(id) && !token.equals(BpeVocabulary.END_OF_TEXT)) {
                added.put(token, id);
            }
        }
        JsonFile.writeCompact(folder.resolve(VOCAB), ids);
        if (!added.isEmpty()) {
            JsonFile.writeCompact(folder.resolve(ADDED), added);
        }
        StringBuilder merges = new StringBuilder(HEADER);
        for (BpeVocabulary.Merge merge : vocabulary.merges()) {
            merges.append(letters(vocabulary, merge.left(), false)).append(' ');
            merges.append(letters(vocabulary, merge.right(), false)).append('\n');
        }
        byte[] content = merges.toString().getBytes(StandardCharsets.UTF_8);
        AtomicFile.replace(folder.resolve(MERGES), out -> out.write(content));
    }

    /** Returns a token as the files spell it: an ordinary one in the byte alphabet, a special one literally. */
    private static String letters(BpeVocabulary vocabulary, int id, boolean isSpecial) {
        byte[] bytes = vocabulary.bytes(id);
        return isSpecial ? new String(bytes, StandardCharsets.UTF_8) : ByteLetters.toLetters(bytes);
    }
}
