package dev.microgpt.cli.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.train.internal.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KnownCorpusTest {
    /** The reference run on makemore's names was recorded with the hash of its file. */
    @Test
    void theNamesAreThoseOfTheReferenceRun() throws IOException {
        Path recorded = Path.of("../microgpt-train/src/test/resources/dev/microgpt/train/reference-names.json");
        assertTrue(Files.readString(recorded).contains(KnownCorpus.NAMES.sha256()));
    }

    @ParameterizedTest
    @EnumSource(KnownCorpus.class)
    void eachCanBeFetchedAsItIs(KnownCorpus corpus) {
        assertTrue(Sha256.isHex(corpus.sha256()));
        assertEquals("https", corpus.address().getScheme());
        assertTrue(WebAddress.isAllowed(corpus.address(), false));
        assertEquals(corpus, KnownCorpus.named(corpus.fileName().replace(".txt", "")));
        assertNotNull(WebAddress.fileName(corpus.address()));
    }

    @Test
    void otherNamesAreNotKnown() {
        assertNull(KnownCorpus.named("NAMES"));
        assertNull(KnownCorpus.named(""));
    }
}
