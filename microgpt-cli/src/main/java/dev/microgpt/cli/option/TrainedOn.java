package dev.microgpt.cli.option;

import dev.microgpt.train.data.Documents;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of the data that a model was trained on, for commands that read it again. */
public final class TrainedOn {
    @Option(
            names = "--data",
            paramLabel = "FILE|DIR|-",
            converter = Converters.PathOrStandardInput.class,
            description = "The data that the model was trained on, read with the same options as then (default: the"
                    + " bundled names).")
    private @Nullable Path data;

    @Mixin
    private final RecordOptions records = new RecordOptions();

    /** Returns the path, or null for the bundled names. */
    public @Nullable Path path() {
        return data;
    }

    /** Reads the documents; special tokens that are written out in them are plain text. */
    public Documents documents() throws IOException {
        return records.documents(data, new SpecialTokensOption());
    }

    /** Refuses options of records without data. */
    public void check() {
        if (data == null) {
            records.checkAbsent(" needs --data, but it is not given", "name the data of the run with --data");
        }
    }

    /** Returns the options as {@code train} has them. */
    public DataOptions options(SpecialTokensOption specials) {
        return DataOptions.of(data, records, specials);
    }
}
