package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.train.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The training run in Java of docs/training.md. The CLI tests its recipes for a norm and an activation. */
class TrainingGuideTest {
    private static final Path GUIDE = Path.of("..", "docs", "training.md");

    @TempDir
    Path folder;

    @Test
    void trainingPrintsTheLossInItsCommentAndSavesItsBestModel() throws Exception {
        String example = DocumentedJava.blocks(GUIDE).get(0);
        Matcher printed = Pattern.compile("printf.*// (.*)").matcher(example);
        assertTrue(printed.find());
        Path saved = folder.resolve("best.safetensors");
        String here =
                example.replace("\"best.safetensors\"", "\"" + saved.toString().replace("\\", "\\\\") + "\"");
        List<String> lines =
                new DocumentedJava(folder).run(here).strip().lines().toList();
        assertEquals(printed.group(1), lines.get(lines.size() - 1));
        assertEquals(lines.size() * 20, Checkpoint.load(saved).step());
    }
}
