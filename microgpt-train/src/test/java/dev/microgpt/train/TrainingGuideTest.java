package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java in docs/training.md: a training, then a norm and an activation of one's own. */
class TrainingGuideTest {
    private static final Path GUIDE = Path.of("..", "docs", "training.md");
    private static final Path MODEL = Path.of("..", "microgpt-model/src/main/java/dev/microgpt/model");

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

    @Test
    void normAndActivationOfOnesOwnCompileWithinTheLibrary() throws IOException {
        List<String> blocks = DocumentedJava.blocks(GUIDE);
        assertEquals(4, blocks.size());
        DocumentedJava java = new DocumentedJava(folder);
        java.compile(
                java.source("Norm.java", withConstant("Norm", blocks.get(1))),
                java.source("RmsNormBiasLayer.java", blocks.get(2)),
                java.source("Activation.java", withConstant("Activation", blocks.get(3))));
    }

    private static String withConstant(String name, String constant) throws IOException {
        String beginning = "public enum " + name + " {\n";
        String source = Files.readString(MODEL.resolve(name + ".java")).replace("\r\n", "\n");
        assertTrue(source.contains(beginning));
        return source.replace(beginning, beginning + constant);
    }
}
