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
 * Collects a {@link BpeVocabulary} as files list it, and checks it: tokens and special tokens in any order, merges in
 * that of their ranks.
 *
 * <p>Not every byte need be a token of its own, but a text with another byte cannot be encoded then. Not every token
 * need come from a merge; one that does not, and has several bytes, can be decoded only. Several merges may give the
 * same token.
 *
 * <p>For one thread.
 */
public final class BpeVocabularyBuilder {
    private record Token(int id, byte[] bytes) {}

    private final List<Token> tokens = new ArrayList<>();
    private final List<Token> specialTokens = new ArrayList<>();
    private final List<byte[][]> pairs = new ArrayList<>();
    private @Nullable String bos = BpeVocabulary.END_OF_TEXT;

    /** Creates a builder of a vocabulary, empty. */
    public BpeVocabularyBuilder() {}

    /**
     * Adds an ordinary token.
     *
     * @param id its id
     * @param bytes what it stands for, one byte or more; copied
     * @return this
     */
    public BpeVocabularyBuilder token(int id, byte[] bytes) {
        tokens.add(new Token(id, bytes.clone()));
        return this;
    }

    /**
     * Adds a special token.
     *
     * @param id its id
     * @param text its text, as {@link BpeVocabulary#END_OF_TEXT}; not empty
     * @return this
     * @throws IllegalArgumentException if a surrogate of the text lacks its other half
     */
    public BpeVocabularyBuilder special(int id, String text) {
        specialTokens.add(new Token(id, Utf8.encode(text)));
        return this;
    }

    /**
     * Adds the merge of the next rank. Its result is the token that has the bytes of both.
     *
     * @param left the bytes of the first token; copied
     * @param right the bytes of the second; copied
     * @return this
     */
    public BpeVocabularyBuilder merge(byte[] left, byte[] right) {
        pairs.add(new byte[][] {left.clone(), right.clone()});
        return this;
    }

    /**
     * Sets which special token is BOS; without this call it is {@link BpeVocabulary#END_OF_TEXT}.
     *
     * @param special the text of a special token
     * @return this
     */
    public BpeVocabularyBuilder bos(String special) {
        bos = special;
        return this;
    }

    /**
     * Sets that there is no BOS: such a vocabulary can express a text, but no documents.
     *
     * @return this
     */
    public BpeVocabularyBuilder noBos() {
        bos = null;
        return this;
    }

    /**
     * Checks all, and returns the vocabulary.
     *
     * @return the vocabulary
     * @throws IllegalArgumentException if the ids are not 0 … n − 1, each once; a token has no bytes, or those of
     *     another; a part or the result of a merge is no ordinary token; a part is neither a single byte nor the
     *     result of an earlier merge; a pair is merged twice; or BOS is not a special token
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
                    ? new IllegalArgumentException("tokenizer: there is no special token, but " + CodePoints.quoted(bos)
                            + " is to be BOS; add it with an id of its own, or have no BOS")
                    : BpeVocabulary.noSpecial(bos, specials);
        }
        return id;
    }

    private byte[][] bytesById() {
        byte[][] bytesById = new byte[tokens.size() + specialTokens.size()][];
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
        String rule = "; the ids of " + bytesById.length + " tokens are 0 … " + (bytesById.length - 1) + ", each once";
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
        BitSet made = new BitSet(); // what the text so far can consist of: bytes, and the results of earlier merges
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
                        + quoted(pair[1]) + ", but what they become is "
                        + (token == null ? "not in the vocabulary" : "a special token, id " + token)
                        + "; are the merges those of this vocabulary?");
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
                    + ", which is not in the vocabulary; are the merges those of this vocabulary?");
        }
        if (!made.get(id)) {
            throw new IllegalArgumentException(describe(rank) + " joins " + quoted(part)
                    + ", which is neither a single byte nor made by an earlier merge; are the merges in their order?");
        }
        return id;
    }

    private static String describe(int rank) {
        return "tokenizer: merge " + rank + " (the first is 0)";
    }

    /** Bytes as what a map can look up: one character each. */
    private static String key(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String quoted(byte[] bytes) {
        return CodePoints.quoted(ByteLetters.toLetters(bytes));
    }
}
