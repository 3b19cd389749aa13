package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The catalogue of bad inputs, inside this JVM; {@link CatalogueIT} runs it as processes. */
class BadInputTest {
    @TempDir
    static Path folder;

    @BeforeAll
    static void writeInputs() throws IOException {
        CatalogueInputs.write(folder);
    }

    static Stream<CatalogueCase> refusals() {
        return Catalogue.all().stream().filter(input -> input.isRefusal() && !input.processOnly());
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void isRefusedClearly(CatalogueCase input) throws IOException {
        Snapshot before = Snapshot.of(folder);
        Run run = Run.of(input.args(folder).toArray(new String[0]));
        List<String> changes = before.changesTo(Snapshot.of(folder));
        Outcome outcome = new Outcome(run.exitCode(), run.out(), run.err(), changes, 0);
        assertEquals(List.of(), Clarity.complaints(input.in(folder), outcome), run.err());
    }
}
