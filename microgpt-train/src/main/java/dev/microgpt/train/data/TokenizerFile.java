package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.internal.disk.AtomicFile;
import dev.microgpt.train.internal.disk.OrdinaryFile;
import dev.microgpt.train.internal.json.Json;
import dev.microgpt.train.internal.json.TokenizerJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Reads and writes a tokenizer as a file, usually called {@code tokenizer.json}.
 *
 * <p>The file is a JSON object: {@code {"type":"char","alphabet":"…"}} with the characters in ascending order,
 * {@code {"type":"byte"}}, or the format of Hugging Face's tokenizers for the byte-level BPE of GPT-2.
 */
public final class TokenizerFile {
    private TokenizerFile() {}

    /**
     * Creates a file or replaces it atomically.
     *
     * @param file      the path; its folder must exist
     * @param tokenizer a tokenizer of this library
     * @throws IllegalArgumentException if {@link #read} would not accept the file: the tokenizer is of another type,
     *     too large, or has a special token that is spelled like an ordinary one; nothing was written
     * @throws IOException              if the file cannot be written
     */
    public static void write(Path file, Tokenizer tokenizer) throws IOException {
        byte[] content = (TokenizerJson.write(tokenizer) + "\n").getBytes(StandardCharsets.UTF_8);
        AtomicFile.replace(file, out -> out.write(content));
    }

    /**
     * Reads a tokenizer.
     *
     * @param file the path
     * @return the tokenizer
     * @throws DataException if the file does not hold a tokenizer
     * @throws IOException   if the file cannot be read
     */
    public static Tokenizer read(Path file) throws IOException {
        try (InputStream in = OrdinaryFile.open(file)) {
            String where = "tokenizer " + file;
            try {
                return TokenizerJson.read(where, Json.readObject(where, in, TokenizerJson.FIELDS));
            } catch (IllegalArgumentException wrong) {
                String message = String.valueOf(wrong.getMessage());
                throw new DataException(message.startsWith(where) ? message : where + ": " + message);
            }
        }
    }
}
