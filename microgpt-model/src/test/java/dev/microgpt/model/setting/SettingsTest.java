package dev.microgpt.model.setting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.GptConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The values of a list of settings. */
class SettingsTest {
    private static final Setting<Integer> HIDDEN = Setting.integer("hidden", 64, 1, "Width");
    private static final Setting<Double> RATE = Setting.number("rate", 0.0, 0, 1, "A rate");
    private static final Setting<Integer> INNER = Setting.multiple("inner", 4, HIDDEN, 1, "Width inside");
    private static final Settings USUAL = Settings.of(HIDDEN, RATE, INNER);

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void defaultsCountAsNotSet() {
        assertEquals(64, USUAL.get(HIDDEN));
        assertTrue(USUAL.isUsual(HIDDEN));
        assertEquals("", USUAL.toString());

        Settings changed = USUAL.with(HIDDEN, 32).with("rate", "0.25");
        assertEquals(32, changed.get(HIDDEN));
        assertEquals(64, USUAL.get(HIDDEN), "immutable");
        assertFalse(changed.isUsual(RATE));
        assertEquals("hidden=32, rate=0.25", changed.toString());

        Settings back = changed.with(HIDDEN, 64).withValue(RATE, -0.0);
        assertTrue(back.isUsual(HIDDEN));
        assertTrue(back.isUsual(RATE), "another zero is the same number");
        assertEquals(USUAL, back);
        assertEquals(USUAL.hashCode(), back.hashCode());
    }

    @Test
    void aDerivedDefaultFollowsUntilItIsSet() {
        assertEquals(256, USUAL.get(INNER));
        assertEquals(128, USUAL.with(HIDDEN, 32).get(INNER));
        assertEquals(128, USUAL.with(INNER, 256).with(HIDDEN, 32).get(INNER), "set to the default is not set");
        Settings fixed = USUAL.with(INNER, 100);
        assertEquals(100, fixed.with(HIDDEN, 32).get(INNER));
        assertFalse(fixed.with(HIDDEN, 32).isUsual(INNER));
        assertTrue(fixed.with(HIDDEN, 25).isUsual(INNER), "equal to the default, however it came about");
        assertEquals(USUAL.with(HIDDEN, 25), fixed.with(HIDDEN, 25));
        assertEquals(USUAL.with(HIDDEN, 25).hashCode(), fixed.with(HIDDEN, 25).hashCode());
        assertEquals(Integer.MAX_VALUE, USUAL.with(HIDDEN, 1 << 30).get(INNER), "no overflow");
        assertEquals(64, GptConfig.microgpt(27).nInner());
        assertEquals(3072, GptConfig.gpt2(27).nInner());
    }

    @Test
    void anUnknownNameIsRefusedWithAllThatThereAre() {
        assertRefused(
                "there is no setting \"hiden\"; the settings are hidden, rate, inner", () -> USUAL.with("hiden", "1"));
        assertRefused("there is no setting \"a\"; there are none", () -> Settings.NONE.with("a", "1"));
        Setting<Integer> namesake = Setting.integer("hidden", 64, 1, "Another object");
        assertRefused(
                "there is no setting hidden here; the settings are [hidden, rate, inner]", () -> USUAL.get(namesake));
    }

    @Test
    void twoOfOneNameAreRefused() {
        Setting<Boolean> namesake = Setting.flag("rate", true, "Another");
        assertRefused(
                "settings: two are named rate, but each must have a name of its own",
                () -> Settings.of(HIDDEN, RATE, namesake));
    }

    @Test
    void valuesAreStoredAsTheirKindSays() {
        Settings settings = USUAL.with(RATE, 0.25);
        assertEquals(64, settings.stored(HIDDEN));
        assertEquals(0.25, settings.stored(RATE));
        assertEquals("rmsnorm", GptConfig.microgpt(27).settings().stored(GptConfig.NORM));
        for (Setting<?> setting : settings.list()) {
            assertEquals(settings, USUAL.with(RATE, 0.25).withStored(setting, settings.stored(setting)));
        }
    }

    @Test
    void equalValuesOfEqualListsAreEqual() {
        assertEquals(USUAL.with(RATE, 0.5), USUAL.with("rate", "5e-1"));
        assertNotEquals(USUAL, USUAL.with(RATE, 0.5));
        assertNotEquals(USUAL, Settings.of(HIDDEN, RATE));
        assertNotEquals(USUAL, Settings.of(List.of(HIDDEN, INNER, RATE)));
        assertThrows(NullPointerException.class, () -> USUAL.withValue(RATE, null));
    }
}
