package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.internal.disk.AtomicFile;
import dev.microgpt.train.internal.disk.OrdinaryFile;
import dev.microgpt.train.internal.json.Json;
import dev.microgpt.train.internal.json.TokenizerJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A tokenizer in a file of its own, by custom {@code tokenizer.json}: a JSON object,
 * {@code {"type":"char","alphabet":"…"}} with the characters in ascending order, {@code {"type":"byte"}}, or what Hugging
 * Face's tokenizers write for the byte-level BPE of GPT-2 and its kin.
 */
public final class TokenizerFile {
    private TokenizerFile() {}

    /**
     * Writes a file, or replaces it as a whole.
     *
     * @param file      the path; its folder must exist
     * @param tokenizer one of this library's
     * @throws IllegalArgumentException if the tokenizer is of another type
     * @throws IOException              if the file cannot be written
     */
    public static void write(Path file, Tokenizer tokenizer) throws IOException {
        byte[] content = (TokenizerJson.write(tokenizer) + "\n").getBytes(StandardCharsets.UTF_8);
        AtomicFile.replace(file, out -> out.write(content));
    }

    /**
     * Reads a file.
     *
     * @param file the path
     * @return the tokenizer
     * @throws DataException if the content is anything but a tokenizer
     * @throws IOException   if the file cannot be read
     */
    public static Tokenizer read(Path file) throws IOException {
        try (InputStream in = OrdinaryFile.open(file)) {
            String where = "tokenizer " + file;
            try {
                return TokenizerJson.read(where, Json.readObject(where, in));
            } catch (IllegalArgumentException wrong) {
                String message = String.valueOf(wrong.getMessage());
                throw new DataException(message.startsWith(where) ? message : where + ": " + message);
            }
        }
    }
}
