package dev.microgpt.train.huggingface;

import dev.microgpt.train.internal.Quoted;
import dev.microgpt.train.internal.disk.OrdinaryFile;
import dev.microgpt.train.internal.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a JSON object of tokens and their ids: {@code vocab.json} or {@code added_tokens.json}. */
final class VocabFile {
    private VocabFile() {}

    /**
     * Adds the tokens of a file to a vocabulary.
     *
     * @param ids token → id, to which the tokens of the file are added
     * @throws HuggingFaceException if an id is not valid, or differs from that of the same token in {@code ids}
     */
    static void read(Path file, Map<String, Integer> ids) throws IOException {
        String where = file.toString();
        Map<String, @Nullable Object> object;
        try (InputStream in = OrdinaryFile.open(file)) {
            object = Json.readFlatObject(where, in);
        } catch (IllegalArgumentException wrong) {
            throw new HuggingFaceException(String.valueOf(wrong.getMessage()), wrong);
        }
        for (Map.Entry<String, @Nullable Object> entry : object.entrySet()) {
            String token = entry.getKey();
            if (!(entry.getValue() instanceof BigInteger id) || id.signum() < 0 || id.bitLength() >= Integer.SIZE) {
                throw wrong(
                        where,
                        "the id " + Quoted.value(entry.getValue()) + " of " + Quoted.of(token),
                        "a whole number from 0 to " + Integer.MAX_VALUE);
            }
            Integer other = ids.put(token, id.intValue());
            if (other != null && other != id.intValue()) {
                throw wrong(where, "the id " + id + " of " + Quoted.of(token), other + ", as in vocab.json");
            }
        }
    }

    /** Returns id → token in order of the ids, which must be 0, 1, 2, … without gaps or duplicates. */
    static Map<Integer, String> byId(String where, Map<String, Integer> ids) throws HuggingFaceException {
        Map<Integer, String> tokens = new HashMap<>();
        for (Map.Entry<String, Integer> entry : ids.entrySet()) {
            String other = tokens.put(entry.getValue(), entry.getKey());
            if (other != null) {
                throw wrong(
                        where,
                        "the id " + entry.getValue() + " of " + Quoted.of(other) + " and of "
                                + Quoted.of(entry.getKey()),
                        "a different id for each token");
            }
        }
        Map<Integer, String> inOrder = new LinkedHashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            String token = tokens.get(id);
            if (token == null) {
                throw wrong(where, "no token with the id " + id, "the ids 0 to " + (tokens.size() - 1));
            }
            inOrder.put(id, token);
        }
        return inOrder;
    }

    private static HuggingFaceException wrong(String where, String found, String expected) {
        return new HuggingFaceException(where + ": found " + found + ", expected " + expected);
    }
}
