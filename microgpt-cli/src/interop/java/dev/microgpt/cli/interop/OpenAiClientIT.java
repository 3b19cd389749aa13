package dev.microgpt.cli.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.model.generate.GenerationConfig;
import dev.microgpt.model.generate.SamplingConfig;
import dev.microgpt.model.generate.TextGenerator;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.checkpoint.TrainedModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** OpenAI's client for Python with the server: the tests are in src/interop/python/openai_client.py. */
@Timeout(120)
class OpenAiClientIT {
    private static final String PYTHON = System.getProperty("microgpt.python", "");
    private static final String KEY = "a-key-of-these-tests";
    private static final long SEED = 7;
    private static final GenerationConfig SAMPLED = GenerationConfig.of(SamplingConfig.ofTemperature(0.5));

    private static final Pattern SHOWN = Pattern.compile(
            "```(sh|python)\n((?:(?!```).)*)```\n\n```(?:json|text)\n((?:(?!```).)*)```", Pattern.DOTALL);

    @TempDir
    Path folder;

    @Test
    void itsTestsPass() throws Exception {
        assumeTrue(!PYTHON.isEmpty(), "-Dmicrogpt.python names no Python with the package openai");
        ServerProcess.train(folder);
        Path key = Files.writeString(folder.resolve("key"), KEY + "\n");
        try (ServerProcess open = new ServerProcess(folder, "names", "text");
                ServerProcess small = new ServerProcess(
                        folder,
                        "names",
                        "text",
                        "--api-key-file",
                        key.toString(),
                        "--concurrent",
                        "1",
                        "--queue",
                        "0")) {
            Process tests = new ProcessBuilder(
                            PYTHON,
                            "src/interop/python/openai_client.py",
                            open.baseUrl(),
                            small.baseUrl(),
                            KEY,
                            String.join(",", names()),
                            trained("text").generate("the ", SAMPLED, SEED))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(tests.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(tests.waitFor(60, TimeUnit.SECONDS));
            assertEquals(0, tests.exitValue(), said);
        }
    }

    /** Runs the commands that docs/serving.md shows with what comes out. */
    @Test
    void thePageShowsWhatComesOut() throws Exception {
        assumeTrue(!PYTHON.isEmpty(), "-Dmicrogpt.python names no Python with the package openai");
        ServerProcess.train(folder);
        String page = Files.readString(Path.of("../docs/serving.md")).replace("\r\n", "\n");
        try (ServerProcess server = new ServerProcess(folder, "out=names")) {
            int shown = 0;
            Matcher block = SHOWN.matcher(page.replace("http://localhost:8080/v1", server.baseUrl()));
            while (block.find()) {
                boolean isPython = block.group(1).equals("python");
                Process process = new ProcessBuilder(isPython ? PYTHON : "sh", "-c", block.group(2))
                        .redirectErrorStream(true)
                        .start();
                String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                String expected = "\\Q" + comparable(block.group(3)).replace("…", "\\E.*\\Q") + "\\E";
                assertTrue(comparable(printed).matches(expected), block.group(2) + " prints " + printed);
                shown++;
            }
            assertEquals(7, shown);
        }
    }

    /** Without what differs each time, and in one line. */
    private static String comparable(String printed) {
        return printed.replaceAll("\\s", "").replaceAll("\"cmpl-[^\"]*\"", "").replaceAll("\"created\":\\d+", "");
    }

    private TrainedModel trained(String name) throws IOException {
        return TrainedModel.load(folder.resolve(name).resolve("checkpoint.safetensors"));
    }

    /** The first three texts of a seed, as {@code sample} draws them. */
    private List<String> names() throws IOException {
        TrainedModel model = trained("names");
        TextGenerator generator = model.generator(SAMPLED);
        PythonRandom random = new PythonRandom(SEED);
        int[] prompt = model.format().promptTokens(model.tokenizer(), "ka");
        return List.of(
                generator.generate(prompt, random, piece -> {}).text(),
                generator.generate(prompt, random, piece -> {}).text(),
                generator.generate(prompt, random, piece -> {}).text());
    }
}
