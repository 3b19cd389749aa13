package dev.microgpt.cli.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.cli.page.Browser;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.generate.GenerationConfig;
import dev.microgpt.model.generate.Prediction;
import dev.microgpt.model.generate.Sampler;
import dev.microgpt.model.generate.SamplingConfig;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page for people in a browser, if this machine has one. */
@Tag("browser")
@Timeout(120)
class PageInBrowserTest {
    /** More letters than there are bars, and one character that cannot be seen. */
    private static final TrainedModel NAMES =
            model(CharTokenizer.ofAlphabet(" abcdefghijklmnopqrstuvwxy\u200B"), DataFormat.DOCUMENTS, 16, 1);

    /** So slow that a text does not end before it is stopped. */
    private static final TrainedModel SLOW = model(new ByteTokenizer(), DataFormat.TEXT, 96, 4);

    @TempDir
    static Path folder;

    private static Server server;
    private static URI address;
    private static Browser browser;

    private static TrainedModel model(Tokenizer tokenizer, DataFormat format, int channels, int layers) {
        GptConfig config = GptConfig.microgpt(tokenizer.vocabSize()).withSizes(layers, 4, channels, 16);
        Gpt gpt = new Gpt(config, Parameters.drawnFrom(new PythonRandom(5)));
        gpt.parameters().all().forEach(parameter -> {
            for (int i = 0; i < parameter.data().length; i++) {
                parameter.data()[i] *= 3; // otherwise every token is as likely as the others
            }
        });
        return new TrainedModel(gpt, tokenizer, format);
    }

    @BeforeAll
    static void serve() throws IOException, InterruptedException {
        Path program = Browser.program();
        assumeTrue(program != null, "no Chromium on the path");
        server = start(null);
        address = URI.create(server.address());
        browser = new Browser(program, folder.resolve("profile"));
        browser.show(1280, 900, "light");
    }

    private static Server start(@Nullable String apiKey) throws IOException {
        List<ServedModel> models = List.of(served("names", NAMES), served("slow", SLOW));
        ServerConfig config = new ServerConfig("127.0.0.1", 0, 2, 8, 100_000, 1 << 16, List.of(), apiKey);
        ByteArrayOutputStream nowhere = new ByteArrayOutputStream();
        return Server.start(config, models, new Terminal(nowhere, nowhere));
    }

    private static ServedModel served(String name, TrainedModel model) {
        return new ServedModel(name, "0".repeat(64), 1, model, false, null);
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void openThePage() throws IOException, InterruptedException {
        browser.open(address);
        await("document.querySelectorAll('#bars li').length === 16");
    }

    /** Waits until an expression is true. */
    private static void await(String expression) throws IOException, InterruptedException {
        browser.evaluate("new Promise(done => { const ask = () => (" + expression
                + ") ? done() : setTimeout(ask, 5); ask(); })");
    }

    /** Writes into a field as a person does. */
    private static void set(String id, String value) throws IOException, InterruptedException {
        browser.evaluate("(() => { const field = document.getElementById('" + id + "'); field.value = '" + value
                + "'; field.dispatchEvent(new Event('input')); field.dispatchEvent(new Event('change')); })()");
    }

    private static String text(String selector) throws IOException, InterruptedException {
        return browser.evaluate("document.querySelector('" + selector + "').textContent");
    }

    private static void click(String selector) throws IOException, InterruptedException {
        browser.evaluate("document.querySelector('" + selector + "').click()");
    }

    /** Waits until the bars are those of a prompt. */
    private static void awaitBars(String prompt) throws IOException, InterruptedException {
        await("nextOf === '" + prompt + "' && next.length > 0");
    }

    @Test
    void nothingIsRefusedAndNothingElseIsAskedFor() throws IOException, InterruptedException {
        assertEquals(List.of(), browser.complaints());
        for (String request : browser.requests()) {
            assertTrue(request.contains("\"url\":\"" + address), request);
        }
        assertEquals(
                "names slow",
                browser.evaluate(
                        "[...document.querySelectorAll('option')]" + ".map(option => option.textContent).join(' ')"));
    }

    @Test
    void theTextIsThatOfTheLibrary() throws IOException, InterruptedException {
        SamplingConfig sampling = new SamplingConfig(0.9, 9, 0.8);
        String expected = NAMES.generate("ka", GenerationConfig.of(sampling).withMaxNewTokens(6), 9007199254740993L);
        set("prompt", "ka");
        set("temperature", "0.9");
        set("top_k", "9");
        set("top_p", "0.8");
        set("max_tokens", "6");
        set("seed", "9007199254740993"); // 2^53 + 1
        click("#generate");
        await("!running && document.getElementById('status').textContent.startsWith('Seed')");
        assertEquals("ka", text(".given"));
        assertEquals(expected, text(".new"));
        assertTrue(text("#status").startsWith("Seed 9007199254740993, "), text("#status"));
        awaitBars("ka" + expected);
        assertEquals(List.of(), browser.complaints());
    }

    /** Both kinds of bars add up, the numbers are the library's, and a key appends the token. */
    @Test
    void barsAreWhatTheModelExpectsAndWhatSamplingLeaves() throws IOException, InterruptedException {
        set("prompt", "ka");
        awaitBars("ka");
        double[] logProbabilities = new double[NAMES.tokenizer().vocabSize()];
        Prediction next = NAMES.generator(GenerationConfig.of(SamplingConfig.ofTemperature(1)))
                .next(NAMES.format().promptTokens(NAMES.tokenizer(), "ka"));
        Arrays.setAll(logProbabilities, next::logProbability);
        for (SamplingConfig config : List.of(
                new SamplingConfig(0, 5, 1),
                new SamplingConfig(0.5, SamplingConfig.ALL_TOKENS, 1),
                new SamplingConfig(1.5, 7, 1),
                new SamplingConfig(1, 20, 0.6))) {
            set("temperature", Double.toString(config.temperature()));
            set("top_k", config.topK() == SamplingConfig.ALL_TOKENS ? "" : Integer.toString(config.topK()));
            set("top_p", Double.toString(config.topP()));
            double[] own = column(2);
            double[] left = column(4);
            assertEquals(100, Arrays.stream(own).sum(), 1);
            assertEquals(100, Arrays.stream(left).sum(), 1);
            double[] drawn = new Sampler(config).probabilities(logProbabilities, 0, logProbabilities.length);
            double sum = Arrays.stream(drawn).sum();
            double[] expected = next.top(15).stream()
                    .mapToDouble(token -> 100 * drawn[token] / sum)
                    .toArray();
            assertArrayEquals(expected, Arrays.copyOf(left, 15), 0.051, config.toString());
        }
        String token = NAMES.tokenizer().decode(first(next));
        browser.evaluate("document.querySelector('#bars button:enabled').focus()");
        browser.press("Enter");
        assertEquals("ka" + token, browser.evaluate("document.getElementById('prompt').value"));
        awaitBars("ka" + token);
        assertEquals("BUTTON", browser.evaluate("document.activeElement.tagName"), "the keyboard stays at the bars");
    }

    /** The most likely token that is text. */
    private static int first(Prediction next) {
        return next.top(2).stream()
                .filter(token -> token != NAMES.tokenizer().bos())
                .findFirst()
                .orElseThrow();
    }

    private static double[] column(int child) throws IOException, InterruptedException {
        return Arrays.stream(browser.evaluate("[...document.querySelectorAll('.row')].map(row => row.children[" + child
                                + "].textContent.slice(0, -2)).join(' ')")
                        .split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    @Test
    void whatCannotBeSeenIsNamed() throws IOException, InterruptedException {
        assertEquals(
                "\u2423\u240A\u2409\u25CC\u0301U+00A0U+200BU+202EU+007Fa",
                browser.evaluate("visible(' \\n\\t\\u0301\\u00a0\\u200b\\u202e\\u007fa')"));
        await("[...document.querySelectorAll('.row')].some(row => row.textContent.startsWith('end') && row.disabled)"
                + " || next.findIndex(token => token.text === END) >= SHOWN");
    }

    @Test
    void errorsAreTextInThePage() throws IOException, InterruptedException {
        set("prompt", "Z");
        click("#generate");
        await("document.getElementById('error').textContent !== ''");
        assertTrue(text("#error").contains("Z"), text("#error"));
        await("document.getElementById('trouble').textContent.includes('Z')");
        set("prompt", "a");
        set("seed", "x");
        click("#generate");
        assertTrue(text("#error").startsWith("the seed is \"x\""), text("#error"));
        set("seed", "1");
        set("top_k", "0");
        click("#generate");
        assertTrue(text("#error").startsWith("Top-k: "), text("#error"));
        set("top_k", "");
        click("#generate");
        await("!running && document.getElementById('status').textContent.startsWith('Seed 1,')");
        assertEquals("", text("#error"));
    }

    /** A line about a text that is no longer there would be taken for one about the text that is. */
    @Test
    void whatIsSaidIsAboutTheTextThatIsThere() throws IOException, InterruptedException {
        for (String id : List.of("prompt", "model")) {
            set("prompt", "a");
            click("#generate");
            await("!running && document.getElementById('status').textContent.startsWith('Seed')");
            set(id, id.equals("model") ? "slow" : "b");
            assertEquals("", text("#status"));
            assertEquals("", text(".new"));
        }
        set("seed", "x");
        click("#generate");
        assertTrue(text("#error").startsWith("the seed is"), text("#error"));
        set("model", "names");
        assertEquals("", text("#error"));
        set("seed", "");
        click("#generate");
        await("!running && document.getElementById('status').textContent.startsWith('Seed')");
        set("seed", "x");
        click("#generate");
        assertEquals("", text("#status"));
    }

    @Test
    void whyPartsOfACharacterCannotBeChosenIsSaid() throws IOException, InterruptedException {
        assertEquals("true", browser.evaluate("document.getElementById('parts').hidden"));
        set("model", "slow");
        await("next.length === 257 && next.slice(0, SHOWN).some(token => PART.test(token.text))");
        assertEquals("false", browser.evaluate("document.getElementById('parts').hidden"));
        set("model", "names");
        await("next.length < 100");
        assertEquals("true", browser.evaluate("document.getElementById('parts').hidden"));
    }

    @Test
    void aKeyIsAskedForWhereTheServerWantsOne() throws IOException, InterruptedException {
        assertEquals("true", browser.evaluate("document.getElementById('access').hidden"));
        try (Server locked = start("secret")) {
            browser.open(URI.create(locked.address()));
            await("!document.getElementById('access').hidden && document.getElementById('error').textContent !== ''");
            set("key", "secret");
            click("#enter");
            await("document.querySelectorAll('#bars li').length === 16");
            assertEquals("true", browser.evaluate("document.getElementById('access').hidden"));
            assertEquals("", text("#error"));
        }
    }

    @Test
    void aTextIsStopped() throws IOException, InterruptedException {
        set("model", "slow");
        set("max_tokens", "100000");
        browser.evaluate("document.getElementById('generate').focus()");
        browser.press("Enter");
        await("document.querySelector('.new').textContent.length > 3");
        assertEquals("stop", browser.evaluate("document.activeElement.id"));
        browser.press("Enter");
        await("!running");
        assertTrue(text("#status").startsWith("Stopped, seed "), text("#status"));
        assertEquals("", text("#error"));
        assertEquals("generate", browser.evaluate("document.activeElement.id"));
        String stopped = text(".new");
        browser.evaluate("new Promise(done => setTimeout(done, 50))");
        assertEquals(stopped, text(".new"));
    }

    @Test
    void nothingIsWiderThanAPhone() throws IOException, InterruptedException {
        browser.show(360, 800, "dark");
        try {
            set("prompt", "a".repeat(14));
            click("#generate");
            await("!running && document.getElementById('status').textContent.startsWith('Seed')");
            String width = browser.evaluate("document.documentElement.clientWidth");
            assertEquals(width, browser.evaluate("document.documentElement.scrollWidth"));
            assertEquals("rgb(20, 23, 27)", browser.evaluate("getComputedStyle(document.body).backgroundColor"));
        } finally {
            browser.show(1280, 900, "light");
        }
    }

    @Test
    void everyFieldHasAName() throws IOException, InterruptedException {
        assertEquals(
                "",
                browser.evaluate("[...document.querySelectorAll('input, select, textarea')]"
                        + ".filter(field => !field.labels.length && !document.getElementById("
                        + "field.getAttribute('aria-labelledby'))).map(field => field.outerHTML).join()"));
    }
}
