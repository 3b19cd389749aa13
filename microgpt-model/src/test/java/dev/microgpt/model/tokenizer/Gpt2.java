package dev.microgpt.model.tokenizer;

import com.knuddels.jtokkit.api.Encoding;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** GPT-2's vocabulary, from the jar of jtokkit: each line is a token in base64 and its rank, which is its id. */
final class Gpt2 {
    static final BpeVocabulary VOCABULARY = vocabulary();

    private Gpt2() {}

    private static BpeVocabulary vocabulary() {
        List<byte[]> tokens = new ArrayList<>();
        Map<String, Integer> ranks = new HashMap<>();
        BpeVocabularyBuilder builder = new BpeVocabularyBuilder();
        try (InputStream in = Encoding.class.getResourceAsStream("/com/knuddels/jtokkit/r50k_base.tiktoken");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] fields = line.split(" ");
                byte[] token = Base64.getDecoder().decode(fields[0]);
                int id = Integer.parseInt(fields[1]);
                tokens.add(token);
                ranks.put(new String(token, StandardCharsets.ISO_8859_1), id);
                builder.token(id, token);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int id = 256; id < tokens.size(); id++) {
            List<String> parts = parts(new String(tokens.get(id), StandardCharsets.ISO_8859_1), ranks, id);
            builder.merge(
                    parts.get(0).getBytes(StandardCharsets.ISO_8859_1),
                    parts.get(1).getBytes(StandardCharsets.ISO_8859_1));
        }
        return builder.special(tokens.size(), BpeVocabulary.END_OF_TEXT).build();
    }

    /** The parts of a token: the result of applying the merges of lower rank to its bytes. */
    private static List<String> parts(String token, Map<String, Integer> ranks, int rank) {
        List<String> parts = new ArrayList<>(List.of(token.split("")));
        while (parts.size() > 2) {
            int best = rank;
            int at = -1;
            for (int i = 0; i + 1 < parts.size(); i++) {
                int pair = ranks.getOrDefault(parts.get(i) + parts.get(i + 1), rank);
                if (pair < best) {
                    best = pair;
                    at = i;
                }
            }
            parts.set(at, parts.get(at) + parts.remove(at + 1));
        }
        return parts;
    }
}
