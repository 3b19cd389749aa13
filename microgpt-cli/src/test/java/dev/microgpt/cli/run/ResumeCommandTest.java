package dev.microgpt.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.cli.folder.RunFolder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResumeCommandTest {
    @ParameterizedTest
    @CsvSource({
        "train, train --resume",
        "train --steps 50 --out=mine, train --steps 50 --out=mine --resume",
        "train --overwrite --seed 7, train --seed 7 --resume",
        "train --init-from other --seed 7, train --seed 7 --resume",
        "train --init-from=other, train --resume",
        "train --resume --keep 3, train --keep 3 --resume",
        "train --resume out --keep 3, train --keep 3 --resume",
        "train --keep 3 --resume=out, train --keep 3 --resume",
    })
    void itIsTheCommandThatBeganTheRun(String args, String expected) {
        assertEquals("microgpt " + expected, ResumeCommand.of(List.of(args.split(" ")), folder("out")));
    }

    @ParameterizedTest
    @CsvSource({
        "train, train --resume",
        "train --steps 50 --out=mine --patience=3, train --out=mine --resume",
        "train --init_from other --steps=50 --patience 3 --seed 7, train --seed 7 --resume",
        "train --resume --steps 80 --extend --keep 3, train --keep 3 --resume",
    })
    void toTrainOnItLeavesOutWhatEndsTheRun(String args, String expected) {
        assertEquals("microgpt " + expected, ResumeCommand.toTrainOn(List.of(args.split(" ")), folder("out")));
    }

    @Test
    void itIsCalledAsTheUserDid() {
        System.setProperty("microgpt.command", "../my tools/microgpt");
        try {
            assertEquals("'../my tools/microgpt' train --resume", ResumeCommand.of(List.of("train"), folder("out")));
        } finally {
            System.clearProperty("microgpt.command");
        }
    }

    @Test
    void theFolderIsNamedIfTheOptionsDoNot() {
        assertEquals(
                "microgpt train --resume mine",
                ResumeCommand.of(List.of("train", "--resume", "mine/checkpoint-00000500.safetensors"), folder("mine")));
    }

    @Test
    void whatAShellWouldChangeIsQuoted() {
        assertEquals(
                "microgpt train --data 'my text.txt' --metrics 'it'\\''s $HOME' --resume",
                ResumeCommand.of(List.of("train", "--data", "my text.txt", "--metrics", "it's $HOME"), folder("out")));
    }

    private static RunFolder folder(String path) {
        return new RunFolder(Path.of(path));
    }
}
