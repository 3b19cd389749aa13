package dev.microgpt.cli.command;

import dev.microgpt.cli.data.StandardInput;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.jvm.Interruption;
import dev.microgpt.cli.option.Range;
import dev.microgpt.cli.option.RunOptions;
import dev.microgpt.cli.option.Threads;
import dev.microgpt.cli.serve.ServedModel;
import dev.microgpt.cli.serve.Server;
import dev.microgpt.cli.serve.ServerConfig;
import dev.microgpt.cli.terminal.Terminal;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code microgpt serve}: answers requests for texts and scores by HTTP. */
@CommandLine.Command(
        description = "Serve trained models by HTTP, with the completions of OpenAI's API and a page to try them, until"
                + " Ctrl-C.")
public final class ServeCommand implements Command {
    private static final String ARGUMENT = "checkpoint";
    private static final String API_KEY_FILE = "--api-key-file";
    private static final String EXTENSION = ".safetensors";
    private static final String USUAL_FILE = "checkpoint" + EXTENSION;
    private static final Duration GRACE = Duration.ofSeconds(30);

    @Parameters(
            arity = "0..*",
            paramLabel = "[NAME=]CHECKPOINT",
            description = "Checkpoint files, or folders that contain them (default out). Clients call a model NAME, or"
                    + " else by the name of its folder, or of a file that is not called " + USUAL_FILE + ".")
    private List<String> checkpoints = List.of(RunOptions.USUAL_FOLDER.toString());

    @Option(
            names = "--host",
            paramLabel = "NAME",
            description = "Name or address of this machine to listen at; 0.0.0.0 for all of its networks (default"
                    + " ${DEFAULT-VALUE}, for this machine alone).")
    private String host = "127.0.0.1";

    @Range(atLeast = 0, atMost = 65_535)
    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port to listen at; 0 for any free one (default ${DEFAULT-VALUE}).")
    private int port = 8080;

    @Range(atLeast = 1, atMost = 1000)
    @Option(
            names = "--concurrent",
            paramLabel = "N",
            description = "Most requests that use a model at a time, from 1 to 1000 (default: the number of"
                    + " processors).")
    private @Nullable Integer concurrent;

    @Range(atLeast = 0, atMost = 1000)
    @Option(
            names = "--queue",
            paramLabel = "N",
            description = "Most requests that wait for that, from 0 to 1000; further ones are refused with status 429"
                    + " (default"
                    + " ${DEFAULT-VALUE}).")
    private int queue = 64;

    @Range(atLeast = 1, atMost = 1_000_000)
    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "Most tokens that a request may ask for in one text, from 1 to 1000000; all texts of a"
                    + " request without \"stream\" may have four times as many together (default ${DEFAULT-VALUE}).")
    private int maxTokens = 4096;

    @Range(atLeast = 1, atMost = 1 << 26)
    @Option(
            names = "--max-body",
            paramLabel = "BYTES",
            description = "Largest body of a request, from 1 to 67108864 (default ${DEFAULT-VALUE}).")
    private int maxBody = 1 << 20;

    @Option(
            names = "--allow-host",
            paramLabel = "NAME",
            description = "A further name by which clients address the server, in the header Host; without it a site in"
                    + " a browser could use its own. May be given more than once.")
    private List<String> allowedHosts = List.of();

    @Option(
            names = API_KEY_FILE,
            paramLabel = "FILE",
            description = "File with a key that clients must send, in the header Authorization: Bearer KEY (default"
                    + " none).")
    private @Nullable Path apiKeyFile;

    @Mixin
    private final Threads threads = new Threads();

    @Override
    public double plainSeconds() {
        return Double.POSITIVE_INFINITY;
    }

    @Override
    public void run(Terminal terminal) throws IOException {
        threads.use(terminal);
        int atATime = concurrent == null ? Runtime.getRuntime().availableProcessors() : concurrent;
        ServerConfig config = new ServerConfig(host, port, atATime, queue, maxTokens, maxBody, allowedHosts, apiKey());
        List<ServedModel> models = models();
        Interruption interruption = Interruption.await(terminal, "stopping; press Ctrl-C again to stop immediately");
        try (interruption;
                Server server = Server.start(config, models, terminal)) {
            noteOpen(terminal);
            StringJoiner names = new StringJoiner(", ");
            models.forEach(model -> names.add(model.name()));
            terminal.say("serving " + names + " at " + server.address() + "; press Ctrl-C to stop");
            interruption.awaitRequest();
            int working = server.working();
            if (working > 0) {
                terminal.say(working + (working == 1 ? " request" : " requests") + " at work may take "
                        + GRACE.toSeconds() + " more seconds");
            }
            int left = server.stop(GRACE);
            if (left > 0) {
                terminal.say("stopped before the end of " + left + (left == 1 ? " request" : " requests"));
            }
        }
    }

    private List<ServedModel> models() throws IOException {
        List<ServedModel> models = new ArrayList<>();
        for (String argument : checkpoints) {
            int equals = argument.indexOf('=');
            boolean isNamed =
                    equals > 0 && argument.lastIndexOf('/', equals) < 0 && argument.lastIndexOf('\\', equals) < 0;
            Path path = path(isNamed ? argument.substring(equals + 1) : argument);
            String name = isNamed ? argument.substring(0, equals) : name(path);
            for (ServedModel other : models) {
                if (other.name().equals(name)) {
                    throw new CliException(
                            ExitCode.USAGE,
                            ARGUMENT + " " + path + ": a model before it is called " + name
                                    + ", too, but each must have" + " a name of its own",
                            "name it: NAME=" + path);
                }
            }
            models.add(RunFolder.read(ARGUMENT, path, file -> ServedModel.load(name, file)));
        }
        return models;
    }

    private static Path path(String text) {
        try {
            if (!text.isEmpty()) {
                return Path.of(text);
            }
        } catch (InvalidPathException impossible) {
            // refused below
        }
        throw new CliException(
                ExitCode.USAGE, ARGUMENT + " must be a path, or NAME=PATH, but is \"" + text + "\"", null);
    }

    /** Returns the name of a run's folder, or of a file elsewhere. */
    private static String name(Path path) {
        Path whole = path.toAbsolutePath().normalize();
        Path named = whole.endsWith(USUAL_FILE) ? whole.getParent() : whole;
        Path last = named == null ? null : named.getFileName();
        String name = last == null ? "model" : last.toString();
        return name.endsWith(EXTENSION) ? name.substring(0, name.length() - EXTENSION.length()) : name;
    }

    private @Nullable String apiKey() throws IOException {
        if (apiKeyFile == null) {
            return null;
        }
        String key = StandardInput.wholeText(API_KEY_FILE, apiKeyFile).strip();
        for (int i = 0; i < key.length(); i++) {
            if (key.charAt(i) <= ' ' || key.charAt(i) > '~') {
                key = "";
            }
        }
        if (key.isEmpty()) {
            throw new CliException(
                    ExitCode.CONTENT,
                    API_KEY_FILE + " " + apiKeyFile + " must contain one key of printable ASCII characters without"
                            + " spaces, but does not",
                    "openssl rand -hex 32 makes a key");
        }
        return key;
    }

    private void noteOpen(Terminal terminal) throws IOException {
        if (apiKeyFile == null && !InetAddress.getByName(host).isLoopbackAddress()) {
            terminal.say("note: whoever reaches " + host + " may use the models; with " + API_KEY_FILE
                    + " only those who know a key");
        }
    }
}
