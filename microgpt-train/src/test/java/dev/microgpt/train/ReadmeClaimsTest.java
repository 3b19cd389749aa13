package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the README claims in numbers is at most what docs/reliability.md found, on the system that both name. */
class ReadmeClaimsTest {
    private static final Path PROJECT = Path.of("..");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            All N losses | The run of microgpt.py is reproduced: N losses and all weights within 1e-12
            reproduced within 1e-12, and its N names | within 1e-12, and its N names
            gradients of N models, within 1e-12 | every gradient of N models tried, \\1 held; worst difference .{3,5}e-1[3-9]<
            N of \\1 runs | N runs tried, \\1 with the same hash; by JDK: \\{17=[0-9]+, 25=[0-9]+\\}
            more than N states | N states tried .* 0 silently wrong
            N times `kill -9` | N kills within .* at the end the same bytes as without
            """)
    void isWhatWasFound(String claim, String finding) throws IOException {
        double claimed = number("README.md", claim);
        double found = number("docs/reliability.md", finding);
        assertTrue(claimed <= found, claim + ": " + claimed + " is claimed, " + found + " was found");
    }

    private static double number(String document, String sentence) throws IOException {
        String text = Files.readString(PROJECT.resolve(document)).replaceAll("\\s+", " ");
        Matcher matcher = Pattern.compile(sentence.replace("N ", "([0-9,]+) ")).matcher(text);
        assertTrue(matcher.find(), document + " does not say: " + sentence);
        return Double.parseDouble(matcher.group(1).replace(",", ""));
    }

    @Test
    void theSystemIsNamed() throws IOException {
        assertTrue(Files.readString(PROJECT.resolve("docs/reliability.md")).contains(", Linux amd64<!-- end -->."));
        String readme = Files.readString(PROJECT.resolve("README.md")).replaceAll("\\s+", " ");
        Pattern named = Pattern.compile("Linux x64: \\[[a-z ]+]\\(docs/reliability.md#");
        assertEquals(3, named.matcher(readme).results().count());
    }
}
