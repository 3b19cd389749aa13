package dev.microgpt.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.GptConfig;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.setting.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table of the model's options in docs/training.md is that of the settings. */
class ModelOptionsTableTest {
    private static final Path GUIDE = Path.of("../docs/training.md");

    @Test
    void theGuideHasARowForEachSetting() throws IOException {
        StringBuilder table = new StringBuilder("| option | meaning | microgpt | nano | gpt2 |\n");
        table.append("| --- | --- | --- | --- | --- |\n");
        for (Setting<?> setting : GptConfig.SETTINGS) {
            if (setting != ModelConfig.VOCAB_SIZE) {
                table.append(row(setting));
            }
        }
        String guide = Files.readString(GUIDE).replace("\r\n", "\n");
        assertTrue(guide.contains(table), () -> "docs/training.md must contain\n" + table);
    }

    @Test
    void everyChoiceIsExplained() throws IOException {
        String guide = Files.readString(Path.of("../docs/architectures.md"));
        List<String> missing = new ArrayList<>();
        for (Setting<?> setting : GptConfig.SETTINGS) {
            if (setting != ModelConfig.VOCAB_SIZE && !guide.contains("`" + setting.name() + "`")) {
                missing.add(setting.name());
            }
            for (String name : setting.names()) {
                if (!guide.contains("`" + name + "`")) {
                    missing.add(setting.name() + " " + name);
                }
            }
        }
        assertEquals(List.of(), missing, "what docs/architectures.md does not explain");
    }

    private static String row(Setting<?> setting) {
        String name = setting.name().replace('_', '-');
        StringBuilder row = new StringBuilder("| `--" + name + "`");
        if (setting.kind() == Setting.Kind.FLAG) {
            row.append(", `--no-").append(name).append('`');
        }
        row.append(" | ").append(ModelOptions.withOptions(setting.help()).replaceAll("--[a-z-]+", "`$0`"));
        if (!setting.names().isEmpty()) {
            row.append(": `").append(String.join("`, `", setting.names())).append('`');
        }
        for (Preset preset : new Preset[] {Preset.MICROGPT, Preset.NANO, Preset.GPT2}) {
            row.append(" | ").append(ModelOptions.shortest(preset.model(2).settings(), setting));
        }
        return row + " |\n";
    }
}
