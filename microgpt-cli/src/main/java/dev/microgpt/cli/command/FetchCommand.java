package dev.microgpt.cli.command;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.fetch.Download;
import dev.microgpt.cli.fetch.KnownCorpus;
import dev.microgpt.cli.fetch.WebAddress;
import dev.microgpt.cli.fetch.WebFile;
import dev.microgpt.cli.option.Converters;
import dev.microgpt.cli.option.Range;
import dev.microgpt.cli.terminal.DownloadLine;
import dev.microgpt.cli.terminal.Format;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.internal.Sha256;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code microgpt data fetch}: a text from the web becomes a file. */
@CommandLine.Command(
        description = "Download a text and verify it. names are makemore's 32,033 names, on which microgpt.py trains;"
                + " tinyshakespeare is nanoGPT's first text. What is there already is not fetched again, and what broke"
                + " off goes on where it stopped.")
public final class FetchCommand implements Command {
    private static final double MILLIS_PER_SECOND = 1e3;

    @Parameters(index = "0", arity = "0..1", paramLabel = "names|tinyshakespeare", description = "What to fetch.")
    private @Nullable String corpus;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Fetch this file, or the named one from another place. https, or http with --sha256.")
    private @Nullable URI url;

    @Option(
            names = "--sha256",
            paramLabel = "HEX",
            converter = Converters.Hash.class,
            description = "What the content of --url must have. Without it any content is taken, its hash is printed,"
                    + " and what breaks off begins anew.")
    private @Nullable String sha256;

    @Option(
            names = "--out",
            paramLabel = "FILE|DIR",
            description = "The file, or a folder for it; both in a folder that exists. By default names.txt,"
                    + " tinyshakespeare.txt or the last part of the URL, in the current folder.")
    private @Nullable Path out;

    @Option(names = "--overwrite", description = "Replace another file of that name.")
    private boolean overwrite;

    @Range(above = 0, atMost = 86_400)
    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Give up when nothing comes for so long (default ${DEFAULT-VALUE}).")
    private double timeout = 30;

    @Override
    public void run(Terminal terminal) throws IOException {
        KnownCorpus known = known();
        URI address = address(known);
        String expected = known == null ? sha256 : known.sha256();
        if (!WebAddress.isAllowed(address, expected != null)) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--url: found " + address + ", expected " + WebAddress.EXPECTED,
                    "over http anybody can change a file on its way, which --sha256 would tell");
        }
        Path file = file(known, address);
        String found = expected != null && isThere(file, expected) ? expected : null;
        if (found != null) {
            terminal.say(file + " is there already");
        } else {
            checkFree(file, expected);
            int millis = (int) Math.max(1, timeout * MILLIS_PER_SECOND);
            WebFile source = new WebFile(address, expected != null, millis);
            try (DownloadLine line = new DownloadLine(terminal, fileName(file))) {
                found = new Download(source, expected, file).run(line);
            }
            terminal.say("wrote " + file);
        }
        terminal.print("bytes: " + Files.size(file));
        terminal.print("sha256: " + found);
    }

    private @Nullable KnownCorpus known() {
        if (corpus == null) {
            return null;
        }
        KnownCorpus known = KnownCorpus.named(corpus);
        if (known == null) {
            throw new CliException(
                    ExitCode.USAGE,
                    "data fetch: found " + Format.visible(corpus) + ", expected names or tinyshakespeare",
                    "any other text: microgpt data fetch --url URL");
        }
        if (sha256 != null) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--sha256: found a hash beside " + corpus + ", whose hash is known; expected it with --url alone",
                    "leave out one of the two");
        }
        return known;
    }

    private URI address(@Nullable KnownCorpus known) {
        if (url != null) {
            return url;
        }
        if (known != null) {
            return known.address();
        }
        throw new CliException(
                ExitCode.USAGE,
                "data fetch: found nothing to fetch, expected names, tinyshakespeare or --url URL",
                "microgpt data fetch names");
    }

    private Path file(@Nullable KnownCorpus known, URI address) {
        if (out != null && !Files.isDirectory(out)) {
            return out;
        }
        String name = known == null ? WebAddress.fileName(address) : known.fileName();
        if (name == null) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--url: found " + address + ", which does not end in a plain file name",
                    "name the file: --out FILE");
        }
        return out == null ? Path.of(name) : out.resolve(name);
    }

    private static boolean isThere(Path file, String expected) throws IOException {
        return Files.isRegularFile(file) && Sha256.of(file).equals(expected);
    }

    private void checkFree(Path file, @Nullable String expected) {
        if (overwrite || !Files.exists(file)) {
            return;
        }
        throw new CliException(
                ExitCode.FOLDER_IN_USE,
                "--out " + file + ": found another file, expected none"
                        + (expected == null ? "" : " or one with SHA-256 " + expected),
                "choose another --out, or give --overwrite to replace it");
    }

    private static String fileName(Path file) {
        return Format.visible(String.valueOf(file.getFileName()));
    }
}
