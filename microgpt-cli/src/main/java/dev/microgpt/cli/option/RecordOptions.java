package dev.microgpt.cli.option;

import dev.microgpt.cli.data.BundledNames;
import dev.microgpt.cli.data.DocumentFiles;
import dev.microgpt.cli.data.PreparedFiles;
import dev.microgpt.cli.data.StandardInput;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.train.data.Documents;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.RecordFormat;
import dev.microgpt.train.data.read.TextSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which files of a folder {@code --data} names, and which records they have. */
public final class RecordOptions {
    private static final String[] TABLES = {".jsonl", ".ndjson", ".csv", ".tsv"};

    @Option(
            names = "--separator",
            paramLabel = "TEXT",
            converter = Converters.StopText.class,
            description = "What stands between two documents of --data, which may then have several lines, such as"
                    + " \\n\\n for a blank line; \\n, \\t and \\\\ stand for a line feed, a tab and a backslash"
                    + " (default: each line is a document, and each file is a text).")
    private @Nullable String separator;

    @Option(
            names = "--field",
            paramLabel = "NAME",
            description = "The field of JSON Lines (*.jsonl, *.ndjson), CSV (*.csv) or TSV (*.tsv) whose values are the"
                    + " documents of --data.")
    private @Nullable String field;

    @Option(
            names = "--glob",
            paramLabel = "PATTERN",
            description = "The files to read if --data is a folder: *.java for names in any of its subfolders,"
                    + " src/**/*.java for paths in it (default *.txt; with --field *.{jsonl,ndjson,csv,tsv}).")
    private @Nullable String glob;

    private final List<String> notes = new ArrayList<>();

    /** Returns the first of these options that is given, or null. */
    public @Nullable String given() {
        if (separator != null) {
            return "--separator";
        }
        if (field != null) {
            return "--field";
        }
        return glob == null ? null : "--glob";
    }

    /** Returns what the records are. */
    public RecordFormat format() {
        if (separator != null && field != null) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--separator and --field cannot be used together: both say where a document ends",
                    "leave out one of them");
        }
        try {
            if (separator != null) {
                return RecordFormat.separatedBy(separator);
            }
            return field == null ? RecordFormat.lines() : RecordFormat.field(field);
        } catch (IllegalArgumentException wrong) {
            throw new CliException(
                    ExitCode.USAGE, "--" + (field == null ? "separator" : "field") + ": " + wrong.getMessage(), null);
        }
    }

    /** Returns the text of a file, of a folder, or of standard input. */
    public TextSource source(Path data) throws IOException {
        RecordFormat format = format();
        boolean isFolder = Files.isDirectory(data);
        if (glob != null && !isFolder) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--glob names files of a folder, but --data " + data + " is none",
                    "leave out --glob, or give a folder with --data");
        }
        notes.clear();
        TextSource source;
        try {
            source = StandardInput.textOf(data, glob == null ? format.usualFiles() : glob);
        } catch (IllegalArgumentException malformed) {
            throw new CliException(ExitCode.USAGE, "--glob: " + malformed.getMessage(), null);
        }
        if (!source.listing().isEmpty()) {
            notes.add("--data: " + source.listing());
        }
        String named = isFolder ? glob : data.toString();
        if (field == null && named != null && isTable(named)) {
            notes.add("--data " + data + " is read as plain text, with the names and marks of its records; --field NAME"
                    + " reads one field of each");
        }
        return source;
    }

    private static boolean isTable(String name) {
        for (String ending : TABLES) {
            if (name.toLowerCase(Locale.ROOT).endsWith(ending)) {
                return true;
            }
        }
        return false;
    }

    /** Reads the documents of a file, of a folder or of standard input; those of null are the bundled names. */
    public Documents documents(@Nullable Path data, SpecialTokensOption specials) throws IOException {
        if (data == null) {
            checkAbsent(" needs --data, but it is not given", "name a file or folder with --data");
            return BundledNames.read();
        }
        if (glob == null) {
            DocumentFiles.checkNotPrepared(data);
        }
        return Documents.read(source(data), specials.applied(format()));
    }

    /**
     * Reads other documents, with the same records as those of {@code --data}.
     *
     * @param option the option that names them
     * @param file   a file or a folder
     */
    public Documents others(String option, Path file) throws IOException {
        RecordFormat format = format();
        try {
            return Documents.read(TextSource.of(file, glob == null ? format.usualFiles() : glob), format);
        } catch (DataException unusable) {
            String given = given();
            throw new CliException(
                    ExitCode.CONTENT,
                    String.valueOf(unusable.getMessage()).replaceFirst("^data ", option + " "),
                    given == null ? null : option + " is read as --data is, with " + given);
        }
    }

    /** Refuses these options where they have no meaning. */
    public void checkAbsent(String reason, String hint) {
        String given = given();
        if (given != null) {
            throw new CliException(ExitCode.USAGE, given + reason, hint);
        }
    }

    /** Returns whether the data was prepared, and refuses these options for it. */
    public boolean isPrepared(Path data) {
        if (!PreparedFiles.areIn(data)) {
            return false;
        }
        PreparedFiles.checkAbsent(String.valueOf(given()), given() != null);
        return true;
    }

    /** Returns notes about the files that were read last. */
    public List<String> notes() {
        return notes;
    }
}
