package dev.microgpt.model.tokenizer;

import dev.microgpt.model.tokenizer.bpe.CodePoints;
import dev.microgpt.model.tokenizer.bpe.PairTable;
import dev.microgpt.model.tokenizer.bpe.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds and checks a {@link BpeVocabulary}: tokens and special tokens are added in any order, merges in the order of
 * their ranks.
 *
 * <p>A vocabulary may lack single bytes; text that contains them cannot be encoded. A token of several bytes that no
 * merge creates can be decoded only. Several merges may create the same token.
 *
 * <p>Not thread-safe.
 */
public final class BpeVocabularyBuilder {
    private record Token(int id, byte[] bytes) {}

    private final List<Token> tokens = new ArrayList<>();
    private final List<Token> specialTokens = new ArrayList<>();
    private final List<byte[][]> pairs = new ArrayList<>();
    private @Nullable String bos = BpeVocabulary.END_OF_TEXT;

    /** Creates a builder of an empty vocabulary. */
    public BpeVocabularyBuilder() {}

    /**
     * Adds an ordinary token.
     *
     * @param id    its id
     * @param bytes its bytes, 1 to {@value BpeVocabulary#MAX_TOKEN_BYTES}; copied
     * @return this builder
     */
    public BpeVocabularyBuilder token(int id, byte[] bytes) {
        tokens.add(new Token(id, bytes.clone()));
        return this;
    }

    /**
     * Adds a special token.
     *
     * @param id   its id
     * @param text its text, such as {@link BpeVocabulary#END_OF_TEXT}, 1 to {@value BpeVocabulary#MAX_TOKEN_BYTES}
     *     bytes in UTF-8
     * @return this builder
     * @throws IllegalArgumentException if the text has an unpaired surrogate
     */
    public BpeVocabularyBuilder special(int id, String text) {
        specialTokens.add(new Token(id, Utf8.encode(text)));
        return this;
    }

    /**
     * Adds the merge of the next rank, which creates the token with the bytes of both.
     *
     * @param left  the bytes of the first token; copied
     * @param right the bytes of the second token; copied
     * @return this builder
     */
    public BpeVocabularyBuilder merge(byte[] left, byte[] right) {
        pairs.add(new byte[][] {left.clone(), right.clone()});
        return this;
    }

    /**
     * Sets which special token is BOS; the default is {@link BpeVocabulary#END_OF_TEXT}.
     *
     * @param special the text of a special token
     * @return this builder
     */
    public BpeVocabularyBuilder bos(String special) {
        bos = special;
        return this;
    }

    /**
     * Builds a vocabulary without BOS, which can express text but no documents.
     *
     * @return this builder
     */
    public BpeVocabularyBuilder noBos() {
        bos = null;
        return this;
    }

    /**
     * Checks and returns the vocabulary.
     *
     * @return the vocabulary
     * @throws IllegalArgumentException if there are no tokens, or if their ids are not 0 … n − 1, each used once; a
     *     token has no bytes, too many, or those of another token; a part or the result of a merge is not an ordinary
     *     token; a part is neither a single byte nor the result of an earlier merge; a pair is merged twice; or BOS is
     *     not a special token
     */
    public BpeVocabulary build() {
        byte[][] bytesById = bytesById();
        Map<String, Integer> idByBytes = new HashMap<>();
        for (int id = 0; id < bytesById.length; id++) {
            Integer same = idByBytes.put(key(bytesById[id]), id);
            if (same != null) {
                throw new IllegalArgumentException("tokenizer: ids " + same + " and " + id + " are both "
                        + quoted(bytesById[id]) + "; no two tokens may have the same bytes");
            }
        }
        Map<String, Integer> specials = specials(bytesById);
        return new BpeVocabulary(bytesById, merges(idByBytes), specials, bos(specials));
    }

    private int bos(Map<String, Integer> specials) {
        if (bos == null) {
            return BpeVocabulary.NO_BOS;
        }
        Integer id = specials.get(bos);
        if (id == null) {
            throw specials.isEmpty()
                    ? new IllegalArgumentException("tokenizer: BOS must be a special token, but there are none; add "
                            + CodePoints.quoted(bos) + " as one, or choose no BOS")
                    : BpeVocabulary.noSpecial(bos, specials);
        }
        return id;
    }

    private byte[][] bytesById() {
        byte[][] bytesById = new byte[tokens.size() + specialTokens.size()][];
        if (bytesById.length == 0) {
            throw new IllegalArgumentException("tokenizer: there are no tokens; a vocabulary needs at least one");
        }
        for (Token token : tokens) {
            place(token, bytesById);
        }
        for (Token token : specialTokens) {
            place(token, bytesById);
        }
        return bytesById;
    }

    private static void place(Token token, @Nullable byte[][] bytesById) {
        int id = token.id;
        if (token.bytes.length == 0) {
            throw new IllegalArgumentException("tokenizer: id " + id + " has no bytes; a token needs at least one");
        }
        if (token.bytes.length > BpeVocabulary.MAX_TOKEN_BYTES) {
            throw new IllegalArgumentException("tokenizer: id " + id + " has " + token.bytes.length
                    + " bytes; a token must have at most " + BpeVocabulary.MAX_TOKEN_BYTES);
        }
        String rule = "; the ids of " + bytesById.length + " tokens must be 0 … " + (bytesById.length - 1)
                + ", each used once";
        if (id < 0 || id >= bytesById.length) {
            throw new IllegalArgumentException(
                    "tokenizer: id " + id + " of " + quoted(token.bytes) + " leaves a gap" + rule);
        }
        byte[] other = bytesById[id];
        if (other != null) {
            throw new IllegalArgumentException(
                    "tokenizer: id " + id + " is both " + quoted(other) + " and " + quoted(token.bytes) + rule);
        }
        bytesById[id] = token.bytes;
    }

    private Map<String, Integer> specials(byte[][] bytesById) {
        int[] ids = new int[specialTokens.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = specialTokens.get(i).id;
        }
        Arrays.sort(ids);
        Map<String, Integer> specials = new LinkedHashMap<>();
        for (int id : ids) {
            specials.put(new String(bytesById[id], StandardCharsets.UTF_8), id);
        }
        return Collections.unmodifiableMap(specials);
    }

    private List<BpeVocabulary.Merge> merges(Map<String, Integer> idByBytes) {
        BitSet made = new BitSet(); // the tokens that can occur so far: bytes, and the results of earlier merges
        for (Token token : tokens) {
            made.set(token.id, token.bytes.length == 1);
        }
        BitSet special = new BitSet();
        for (Token token : specialTokens) {
            special.set(token.id);
        }
        PairTable ranks = new PairTable(pairs.size());
        List<BpeVocabulary.Merge> merges = new ArrayList<>(pairs.size());
        for (byte[][] pair : pairs) {
            int rank = merges.size();
            int left = part(pair[0], idByBytes, made, rank);
            int right = part(pair[1], idByBytes, made, rank);
            Integer token = idByBytes.get(key(pair[0]) + key(pair[1]));
            if (token == null || special.get(token)) {
                throw new IllegalArgumentException(describe(rank) + " joins " + quoted(pair[0]) + " and "
                        + quoted(pair[1]) + ", but the result is "
                        + (token == null ? "not in the vocabulary" : "a special token, id " + token)
                        + "; do the merges belong to this vocabulary?");
            }
            int same = ranks.get(left, right);
            if (same != PairTable.ABSENT) {
                throw new IllegalArgumentException(describe(rank) + " joins " + quoted(pair[0]) + " and "
                        + quoted(pair[1]) + ", as merge " + same + " does; a pair has one rank");
            }
            ranks.put(left, right, rank);
            made.set(token);
            merges.add(new BpeVocabulary.Merge(left, right, token));
        }
        return Collections.unmodifiableList(merges);
    }

    private static int part(byte[] part, Map<String, Integer> idByBytes, BitSet made, int rank) {
        Integer id = idByBytes.get(key(part));
        if (id == null) {
            throw new IllegalArgumentException(describe(rank) + " joins " + quoted(part)
                    + ", which is not in the vocabulary; do the merges belong to this vocabulary?");
        }
        if (!made.get(id)) {
            throw new IllegalArgumentException(describe(rank) + " joins " + quoted(part)
                    + ", which is neither a single byte nor made by an earlier merge; are the merges in order?");
        }
        return id;
    }

    private static String describe(int rank) {
        return "tokenizer: merge " + rank + " (the first is 0)";
    }

    /** Returns bytes as the key of a map: one character each. */
    private static String key(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String quoted(byte[] bytes) {
        return CodePoints.quoted(ByteLetters.toLetters(bytes));
    }
}
