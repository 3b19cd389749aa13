package dev.microgpt.cli.command;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.fetch.Download;
import dev.microgpt.cli.fetch.KnownCorpus;
import dev.microgpt.cli.fetch.WebAddress;
import dev.microgpt.cli.fetch.WebFile;
import dev.microgpt.cli.option.Converters;
import dev.microgpt.cli.option.Overwrite;
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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code microgpt data fetch}: downloads a text. */
@CommandLine.Command(
        description = "Download a text and verify it: names are makemore's 32,033 names, which microgpt.py trains on;"
                + " tinyshakespeare is nanoGPT's first text. An existing copy is not downloaded again, and an"
                + " interrupted download resumes.")
public final class FetchCommand implements Command {
    private static final double MILLIS_PER_SECOND = 1e3;

    @Parameters(index = "0", arity = "0..1", paramLabel = "names|tinyshakespeare", description = "Text to download.")
    private @Nullable String corpus;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Download this file, or the named text from another address: https, or http with --sha256.")
    private @Nullable URI url;

    @Option(
            names = "--sha256",
            paramLabel = "HEX",
            converter = Converters.Hash.class,
            description =
                    "SHA-256 of the file at --url. Without it, any content is accepted and its hash is printed, and"
                            + " an interrupted download starts over.")
    private @Nullable String sha256;

    @Option(
            names = "--out",
            paramLabel = "FILE|DIR",
            description = "File to write, or a folder for it; its folder must exist (default: names.txt,"
                    + " tinyshakespeare.txt or the last part of the URL, in the current folder).")
    private @Nullable Path out;

    @Mixin
    private final Overwrite overwrite = new Overwrite();

    @Range(above = 0, atMost = 86_400)
    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Give up after this time without data (default ${DEFAULT-VALUE}).")
    private double timeout = 30;

    @Override
    public void run(Terminal terminal) throws IOException {
        KnownCorpus known = known();
        URI address = address(known);
        String expected = known == null ? sha256 : known.sha256();
        if (!WebAddress.isAllowed(address, expected != null)) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--url must be " + WebAddress.EXPECTED + ", but is \"" + address + "\"",
                    "over http, anyone can change a file in transit, which --sha256 detects");
        }
        Path file = file(known, address);
        String found = expected != null && isThere(file, expected) ? expected : null;
        if (found != null) {
            terminal.say(file + " already exists");
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
                    "data fetch: the text must be names or tinyshakespeare, but is \"" + corpus + "\"",
                    "to download any other text: microgpt data fetch --url URL");
        }
        if (sha256 != null) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--sha256 and " + corpus + " cannot be used together: the hash of " + corpus + " is known",
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
                "data fetch has nothing to download, but must be given names, tinyshakespeare or --url",
                "for example: microgpt data fetch names");
    }

    private Path file(@Nullable KnownCorpus known, URI address) {
        if (out != null && !Files.isDirectory(out)) {
            return out;
        }
        String name = known == null ? WebAddress.fileName(address) : known.fileName();
        if (name == null) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--url must end in a plain file name, but is \"" + address + "\"",
                    "name the file with --out FILE");
        }
        return out == null ? Path.of(name) : out.resolve(name);
    }

    private static boolean isThere(Path file, String expected) throws IOException {
        return Files.isRegularFile(file) && Sha256.of(file).equals(expected);
    }

    private void checkFree(Path file, @Nullable String expected) {
        if (expected != null && Files.exists(file) && !overwrite.isGiven()) {
            throw overwrite.refusal(file + " already exists, but does not have the SHA-256 " + expected);
        }
        overwrite.check(file);
    }

    private static String fileName(Path file) {
        return Format.visible(String.valueOf(file.getFileName()));
    }
}
