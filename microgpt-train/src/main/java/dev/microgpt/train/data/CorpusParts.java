package dev.microgpt.train.data;

import dev.microgpt.train.data.read.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A text in parts, which are scanned and encoded apart: by threads, or by the tasks of a cluster. In order they are the
 * text; how it is divided changes no byte of a {@linkplain PreparedCorpus#prepare(CorpusParts, Path, double, boolean,
 * dev.microgpt.model.tokenizer.Tokenizer) prepared corpus}.
 */
public interface CorpusParts {
    /** {@return the name of the text in messages} */
    String name();

    /**
     * Scans all parts with {@link PartScan#of}.
     *
     * @return the results, in the order of the parts
     * @throws DataException if a part is not text
     * @throws IOException   if a part cannot be read
     */
    List<PartScan> scan() throws IOException;

    /**
     * Encodes all parts with {@link PartPlace#encode}.
     *
     * @param places    the places of the parts, in order
     * @param tokenizer the file of the tokenizer
     * @param scratch   a folder for the files, which is deleted soon
     * @return the files, in the order of the parts
     * @throws DataException if a part has changed since it was scanned
     * @throws IOException   if a part cannot be read, or a file cannot be written
     */
    List<PartTokens> encode(List<PartPlace> places, Path tokenizer, Path scratch) throws IOException;
}
