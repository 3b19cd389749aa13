package example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.model.Gpt;
import dev.microgpt.train.Trainer;
import org.junit.jupiter.api.Test;

class ModuleTest {
    @Test
    void everythingRunsOnTheModulePath() {
        assertEquals("example", GatedMlp.class.getModule().getName());
        assertEquals("dev.microgpt.model", Gpt.class.getModule().getName());
        assertEquals("dev.microgpt.train", Trainer.class.getModule().getName());
    }
}
