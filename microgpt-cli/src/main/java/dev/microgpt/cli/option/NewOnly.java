package dev.microgpt.cli.option;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.train.data.DataFormat;
import picocli.CommandLine.Option;

/** The option of samples that are no copies of training documents. */
public final class NewOnly {
    @Option(
            names = "--new-only",
            description = "Leave out samples that are training documents, word for word, and draw others instead.")
    private boolean newOnly;

    public boolean isGiven() {
        return newOnly;
    }

    /** Refuses the option for a model of one long text, which has no documents to copy. */
    public void check(DataFormat format) {
        if (newOnly && format != DataFormat.DOCUMENTS) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--new-only needs a model of documents, but this one is of random crops of a text",
                    "leave out --new-only");
        }
    }
}
