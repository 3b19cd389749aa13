package dev.microgpt.model.setting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Layer;
import dev.microgpt.model.Norm;
import dev.microgpt.model.Scope;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The text of parts, with the parts of a jar: a norm that scales, and one around another norm. */
class PartSettingTest {
    private static final Setting<Norm> NORM = GptConfig.NORM;
    private static final String SCALED = """
            import dev.microgpt.model.*;
            import dev.microgpt.model.setting.*;
            public class Scaled implements Norm {
                static final Setting<Double> BY = Setting.number("by", 2, -1e300, 1e300, "Factor");
                static final Setting<Boolean> TWICE = Setting.flag("twice", false, "Twice");
                private final Settings settings;
                public Scaled() { this(Settings.of(BY, TWICE)); }
                private Scaled(Settings settings) { this.settings = settings; }
                public String name() { return "com.example.scaled"; }
                public Settings settings() { return settings; }
                public Norm with(Settings changed) { return new Scaled(changed); }
                public Layer create(Scope scope, int channels, double eps) {
                    return (tape, x, batch) -> tape.scale(x, settings.get(BY));
                }
            }
            """;
    private static final String AROUND = """
            import dev.microgpt.model.*;
            import dev.microgpt.model.setting.*;
            public class Around implements Norm {
                static final Setting<Norm> INNER =
                        Setting.part("inner", Norm.class, Norm.RMS, Norm.BUILT_IN, "The norm inside");
                static final Setting<Integer> TIMES = Setting.integer("times", 1, 1, "How often");
                private final Settings settings;
                public Around() { this(Settings.of(INNER, TIMES)); }
                private Around(Settings settings) { this.settings = settings; }
                public String name() { return "com.example.around"; }
                public int version() { return 3; }
                public Settings settings() { return settings; }
                public Norm with(Settings changed) { return new Around(changed); }
                public Layer create(Scope scope, int channels, double eps) {
                    return settings.get(INNER).create(scope, channels, eps);
                }
            }
            """;
    private static final String BROKEN = """
            import dev.microgpt.model.*;
            import dev.microgpt.model.setting.*;
            public class %s implements Norm {
                static final Setting<Integer> TIMES = Setting.integer("times", 1, 1, "How often");
                public String name() { return "com.example.%s"; }
                public Settings settings() { return Settings.of(TIMES); }
                %s
                public Layer create(Scope scope, int channels, double eps) { throw new Error(); }
            }
            """;

    private static final ClassLoader BEFORE = Thread.currentThread().getContextClassLoader();

    @TempDir
    private static Path folder;

    private static URLClassLoader loader;

    @BeforeAll
    static void putTheJarOnTheClassPath() throws IOException {
        String ignores = "public Norm with(Settings changed) { return new Deaf(); }";
        Map<String, String> sources = Map.of(
                "Scaled",
                SCALED,
                "Around",
                AROUND,
                "Plain",
                BROKEN.formatted("Plain", "plain", ""),
                "Deaf",
                BROKEN.formatted("Deaf", "deaf", ignores));
        Path jar = new CompiledJars(folder, sources)
                .jar("parts", Norm.class, List.of("Scaled", "Around", "Plain", "Deaf"), "");
        loader = CompiledJars.loader(jar);
        Thread.currentThread().setContextClassLoader(loader);
    }

    @AfterAll
    static void takeItAway() throws IOException {
        Thread.currentThread().setContextClassLoader(BEFORE);
        loader.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    com.example.scaled | com.example.scaled(by=2.0,twice=false)
                    com.example.scaled() | com.example.scaled(by=2.0,twice=false)
                    com.example.scaled(by=3) | com.example.scaled(by=3.0,twice=false)
                    com.example.scaled( twice = true , by = 1e-3 ) | com.example.scaled(by=0.001,twice=true)
                    com.example.scaled(by=-0) | com.example.scaled(by=0.0,twice=false)
                    com.example.scaled(by=2e-3) | com.example.scaled(by=0.002,twice=false)
                    com.example.around | com.example.around(inner=rmsnorm,times=1)
                    com.example.around(inner=LAYERNORM_BIAS) | com.example.around(inner=layernorm-bias,times=1)
                    com.example.around(inner=com.example.scaled,times=2) | com.example.around(inner=com.example.scaled(by=2.0,twice=false),times=2)
                    com.example.around(inner=com.example.around(inner=com.example.scaled(by=5),times=7)) | com.example.around(inner=com.example.around(inner=com.example.scaled(by=5.0,twice=false),times=7),times=1)
                    RMSNORM_GAIN | rmsnorm-gain
                    """)
    void whatIsReadIsWrittenWithAllSettingsAndReadAgain(String text, String written) {
        Norm norm = NORM.parse(text);
        assertEquals(written, NORM.text(norm));
        Settings settings = Settings.of(NORM).with(NORM, norm);
        Settings again = Settings.of(NORM).with("norm", written);
        assertEquals(settings, again);
        assertEquals(settings.hashCode(), again.hashCode());
        assertEquals(List.of(), settings.notStorable());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    com.example.scaled(by=3 | , but the settings of a part must be given once each, as in com.example.alibi(slope=8,bias=true)
                    com.example.scaled(3) | , but the settings of a part must be given once each, as in com.example.alibi(slope=8,bias=true)
                    com.example.scaled( ) | , but the settings of a part must be given once each, as in com.example.alibi(slope=8,bias=true)
                    com.example.scaled(by=3,) | , but the settings of a part must be given once each, as in com.example.alibi(slope=8,bias=true)
                    com.example.scaled(by=3,by=4) | , but the settings of a part must be given once each, as in com.example.alibi(slope=8,bias=true)
                    com.example.scaled(bi=3) | : there is no setting "bi"; the settings are by, twice
                    com.example.scaled(by=x) | : by is "x", but must be a number of at least -9223372036854775808 and below 9223372036854775807
                    com.example.scaled(by=3)) | : by is "3)", but must be a number of at least -9223372036854775808 and below 9223372036854775807
                    com.example.scaled(by=3),twice=true) | : by is "3),twice=true", but must be a number of at least -9223372036854775808 and below 9223372036854775807
                    com.example.around(inner=com.example.scaled(by=3) | : inner is com.example.scaled(by=3, but the settings of a part must be given once each, as in com.example.alibi(slope=8,bias=true)
                    com.example.around(inner=x) | : inner is "x", but must be one of rmsnorm, rmsnorm-gain, layernorm, layernorm-bias, none, or the dotted name of a part on the class path
                    rmsnorm(by=3) | , but must be one of rmsnorm, rmsnorm-gain, layernorm, layernorm-bias, none, or the dotted name of a part on the class path
                    com.example.scaled (by=3) | , but must be one of rmsnorm, rmsnorm-gain, layernorm, layernorm-bias, none, or the dotted name of a part on the class path
                    com..scaled | , but must be one of rmsnorm, rmsnorm-gain, layernorm, layernorm-bias, none, or the dotted name of a part on the class path
                    scaled | , but must be one of rmsnorm, rmsnorm-gain, layernorm, layernorm-bias, none, or the dotted name of a part on the class path
                    """)
    void anyOtherTextIsRefused(String text, String message) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> NORM.parse(text));
        String found = message.startsWith(", but must be one of") ? "\"" + text + "\"" : text;
        assertEquals("norm is " + found + message, e.getMessage());
    }

    @Test
    void namesOfOthersAreNotChangedToLowerCase() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> NORM.parse("COM.EXAMPLE.SCALED"));
        assertTrue(e.getMessage().startsWith("norm \"COM.EXAMPLE.SCALED\" is unknown: "), e.getMessage());
    }

    @Test
    void aPartWithSettingsMustOverrideWith() {
        assertEquals("com.example.plain(times=1)", NORM.text(NORM.parse("com.example.plain")));
        UnsupportedOperationException e =
                assertThrows(UnsupportedOperationException.class, () -> NORM.parse("com.example.plain(times=2)"));
        assertEquals(
                "part \"com.example.plain\" has settings, so that its class example.Plain must override with(Settings)",
                e.getMessage());
    }

    @Test
    void aPartThatIgnoresItsSettingsIsNotUsed() {
        Exception e = assertThrows(IllegalStateException.class, () -> NORM.parse("com.example.deaf(times=2)"));
        assertEquals(
                "part \"com.example.deaf\" ignores times=2: its method with must return a"
                        + " part with these settings",
                e.getMessage());
    }

    @Test
    void partsWithinPartsAreListed() {
        Settings settings =
                Settings.of(NORM, GptConfig.ACTIVATION).with("norm", "com.example.around(inner=com.example.scaled)");
        List<String> names = settings.outsideParts().stream().map(Named::name).toList();
        assertEquals(List.of("com.example.around", "com.example.scaled"), names);
        assertEquals(List.of(), Settings.of(NORM).with(NORM, Norm.LAYER).outsideParts());
    }

    // ---- parts that cannot be found again ----

    /** A norm of any name. */
    private record Own(String name) implements Norm {
        @Override
        public Layer create(Scope scope, int channels, double eps) {
            return (tape, x, batch) -> x;
        }
    }

    @Test
    void aPartWithoutANameIsUsedButNotStorable() {
        Norm unnamed = (scope, channels, eps) -> (tape, x, batch) -> x;
        Norm another = (scope, channels, eps) -> (tape, x, batch) -> x;
        Settings settings = Settings.of(NORM).with(NORM, unnamed);
        assertSame(unnamed, settings.get(NORM));
        assertEquals("an unnamed Norm", settings.text(NORM));
        assertEquals(List.of(NORM), settings.notStorable());
        assertEquals(settings, Settings.of(NORM).with(NORM, unnamed));
        assertNotEquals(settings, Settings.of(NORM).with(NORM, another), "nobody knows what it computes");
        assertEquals(1, settings.outsideParts().size());
    }

    @Test
    void aPartThatIsNoServiceOrHasTheNameOfAnotherIsNotStorable() {
        assertEquals(
                List.of(NORM),
                Settings.of(NORM).with(NORM, new Own("com.example.own")).notStorable());
        assertEquals(
                List.of(NORM),
                Settings.of(NORM).with(NORM, new Own("com.example.scaled")).notStorable());
        Norm unnamedInside = NORM.parse("com.example.around");
        Setting<?> inner = unnamedInside.settings().find("inner");
        Norm outer = unnamedInside.with(unnamedInside.settings().withValue(inner, new Own("")));
        assertEquals(List.of(NORM), Settings.of(NORM).with(NORM, outer).notStorable());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rmsnorm", "own", "com.example.", "com.example.o wn", "com.example.own(by=1)"})
    void namesThatAreReservedOrCannotBeReadAreRefused(String name) {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> Settings.of(NORM).with(NORM, new Own(name)));
        assertEquals(
                "norm has a part of the class " + Own.class.getName() + " with the name \"" + name
                        + "\", but the name must have words of letters, digits, _ and -, joined by dots, such as"
                        + " com.example.alibi; names without a dot are reserved",
                e.getMessage());
    }

    @Test
    void aValueOfAnotherKindIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Settings.of(NORM).withValue(NORM, "rmsnorm"));
        assertEquals(Norm.LAYER, Settings.of(NORM).withStored(NORM, "layernorm").get(NORM));
    }
}
