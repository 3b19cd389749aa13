package dev.microgpt.cli.option;

import dev.microgpt.cli.data.BundledNames;
import dev.microgpt.train.data.Documents;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of the data that a model was trained on, for commands that read it again. */
public final class TrainedOn {
    private static final String NAME = "--data";

    @Option(
            names = NAME,
            paramLabel = "FILE|DIR|-",
            converter = Converters.PathOrStandardInput.class,
            description = "The data that the model was trained on, read with the same options as then (default: the"
                    + " bundled names).")
    private @Nullable Path data;

    @Mixin
    private RecordOptions records = new RecordOptions();

    private String option = NAME;

    /**
     * Returns the same under another name, for a command whose {@code --data} is something else.
     *
     * @param option  the option that names the data
     * @param data    the data, or null for the bundled names
     * @param records the records of {@code --data}, which this data has, too
     */
    public static TrainedOn named(String option, @Nullable Path data, RecordOptions records) {
        TrainedOn named = new TrainedOn();
        named.option = option;
        named.data = data;
        named.records = records;
        return named;
    }

    /** Returns the option that names the data. */
    public String option() {
        return option;
    }

    /** Returns the path, or null for the bundled names. */
    public @Nullable Path path() {
        return data;
    }

    /** Reads the documents; special tokens that are written out in them are plain text. */
    public Documents documents() throws IOException {
        if (option.equals(NAME)) {
            return records.documents(data, new SpecialTokensOption());
        }
        return data == null ? BundledNames.read() : records.others(option, data);
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
