package dev.microgpt.train.data.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.train.data.Documents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file of records, and what reading their field {@code text} must give.
 *
 * @param title   says what is tricky or wrong
 * @param file    the name of the file
 * @param content its bytes
 * @param texts   the documents; none if the file must be refused
 * @param facts   if it must be refused: the place, and what the message must tell; alternatives are separated by
 *                {@code |}
 */
record RecordCase(String title, String file, byte[] content, List<String> texts, List<String> facts) {
    private static final int LONGEST_MESSAGE = 1000;

    static RecordCase read(String title, String file, String content, String... texts) {
        return new RecordCase(title, file, content.getBytes(StandardCharsets.UTF_8), List.of(texts), List.of());
    }

    static RecordCase refused(String title, String file, String content, String... facts) {
        return refused(title, file, content.getBytes(StandardCharsets.UTF_8), facts);
    }

    static RecordCase refused(String title, String file, byte[] content, String... facts) {
        return new RecordCase(title, file, content, List.of(), List.of(facts));
    }

    void check(Path folder) throws IOException {
        Path path = Files.write(folder.resolve(file), content);
        RecordFormat format = RecordFormat.field("text");
        if (facts.isEmpty()) {
            assertEquals(texts, Documents.read(TextSource.of(path), format).texts());
            return;
        }
        TextSource source = TextSource.of(path);
        String message = assertThrows(DataException.class, () -> Documents.read(source, format))
                .getMessage();
        assertTrue(message.startsWith("data " + path + facts.get(0)), "place " + facts.get(0) + ": " + message);
        String told = message.substring(("data " + path + facts.get(0)).length());
        for (String fact : facts.subList(1, facts.size())) {
            assertTrue(List.of(fact.split("\\|")).stream().anyMatch(told::contains), fact + ": " + message);
        }
        assertTrue(told.matches(".*(; | must | expected ).*"), "says what to do: " + message);
        assertFalse(told.contains("\n") || told.contains("Feature"), "is one line, and not of a library: " + message);
        assertTrue(told.length() < LONGEST_MESSAGE, "can be read: " + message);
    }

    @Override
    public String toString() {
        return title;
    }
}
