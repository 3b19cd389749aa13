package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.model.Gpt;
import org.junit.jupiter.api.Test;

class ModuleTest {
    @Test
    void partsAreFoundOnTheModulePath() {
        assertEquals("com.example.parts", Alibi.class.getModule().getName());
        assertEquals("dev.microgpt.model", Gpt.class.getModule().getName());
    }
}
