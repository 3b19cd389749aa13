package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The loop in docs/microgpt.md prints the losses in its comment. */
class MicrogptGuideTest {
    @TempDir
    Path folder;

    @Test
    void theLoopPrintsMicrogptsLosses() throws Exception {
        List<String> blocks = DocumentedJava.blocks(Path.of("..", "docs", "microgpt.md"));
        assertEquals(1, blocks.size());
        String comment = blocks.get(0).replaceAll("(?s).*printf[^\n]*// ([^\n]*).*", "$1");
        String printed = new DocumentedJava(folder).run(blocks.get(0)).strip();
        assertEquals(comment.replace(", then ", "\n"), printed.replace("\r", ""));
    }
}
