package dev.microgpt.model.setting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.microgpt.model.Layer;
import dev.microgpt.model.Norm;
import dev.microgpt.model.Scope;
import java.math.RoundingMode;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The values of each kind of setting, and their text. */
class SettingTest {
    private static final Setting<Integer> COUNT = Setting.integer("count", 7, 3, "A count");
    private static final Setting<Double> RATE = Setting.number("rate", 0.5, 0, 1, "A rate");
    private static final Setting<Double> ANY =
            Setting.number("any", 0.0, -Double.MAX_VALUE, Double.POSITIVE_INFINITY, "Any number");
    private static final Setting<Double> EPS = Setting.positive("eps", 1e-5, "A small number");
    private static final Setting<Boolean> FLAG = Setting.flag("flag", true, "A flag");
    private static final Setting<RoundingMode> CHOICE =
            Setting.choice("choice", RoundingMode.UP, List.of(RoundingMode.UP, RoundingMode.HALF_EVEN), "A choice");

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    // ---- integers ----

    @ParameterizedTest
    @CsvSource({"3,3", "+12,12", "2147483647,2147483647", "0003,3"})
    void integersAreReadFromTheirSmallest(String text, int value) {
        assertEquals(value, COUNT.parse(text));
        assertEquals(value, COUNT.parse(COUNT.text(value)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2",
                "-3",
                "",
                " 3",
                "3 ",
                "3.0",
                "3e0",
                "0x3",
                "3L",
                "1_000",
                "\u0663",
                "2147483648",
                "4294967299",
                "NaN"
            })
    void otherIntegersAreRefused(String text) {
        assertRefused("count is \"" + text + "\", but must be an integer of at least 3", () -> COUNT.parse(text));
    }

    @Test
    void aNegativeIntegerIsRead() {
        assertEquals(
                Integer.MIN_VALUE,
                Setting.integer("i", 0, Integer.MIN_VALUE, "Any").parse("-2147483648"));
    }

    // ---- numbers ----

    @ParameterizedTest
    @CsvSource({"0,0.0", "-0,0.0", "-0.0,0.0", ".25,0.25", "1.,1.0", "1e-3,0.001", "+2.5E+1,25.0", "1e-400,0.0"})
    void numbersAreRead(String text, String value) {
        assertEquals(value, Double.toString(ANY.parse(text)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " 1",
                "1 ",
                "1f",
                "1d",
                "0x1p3",
                "NaN",
                "Infinity",
                "-Infinity",
                "1e400",
                "-1e400",
                "1e",
                ".",
                "1,5",
                "1_0",
                "\u0661",
                "1e99999"
            })
    void otherNumbersAreRefused(String text) {
        assertRefused(
                "any is \"" + text + "\", but must be a finite number of at least " + Long.MIN_VALUE,
                () -> ANY.parse(text));
    }

    @Test
    void aRangeOfNumbersIncludesItsLeastOnlyIfItIsNotPositive() {
        assertEquals(0.0, RATE.parse("0"));
        assertEquals(Math.nextDown(1.0), RATE.parse("0.9999999999999999"));
        assertRefused("rate is \"1.0\", but must be a number of at least 0 and below 1", () -> RATE.parse("1.0"));
        assertRefused("rate is \"-1e-9\", but must be a number of at least 0 and below 1", () -> RATE.parse("-1e-9"));
        assertEquals(Double.MIN_VALUE, EPS.parse("4.9e-324"));
        assertRefused("eps is \"0\", but must be a finite number above 0", () -> EPS.parse("0"));
        assertRefused("eps is \"1e-400\", but must be a finite number above 0", () -> EPS.parse("1e-400"));
        assertRefused(
                "half is \"0.4\", but must be a number of at least 0.5 and below 0.75",
                () -> Setting.number("half", 0.5, 0.5, 0.75, "A range").parse("0.4"));
    }

    @Test
    void theTextOfANumberIsReadAsItAndTheSameOnAllJavaVersions() {
        double[] extremes = {
            0,
            1,
            -1,
            0.1,
            100,
            1e7,
            1e-3,
            9999999,
            1.5e-4,
            Double.MIN_VALUE,
            -Double.MIN_VALUE,
            Double.MIN_NORMAL,
            Double.MAX_VALUE,
            -Double.MAX_VALUE,
            Math.PI,
            1.0 / 3,
            5.684341886080802e-14,
            1e22,
            1e23,
            2e-3,
            Math.nextUp(1.0)
        };
        for (double number : extremes) {
            assertReadAgain(number);
        }
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1_000; i++) {
            double number = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(number)) {
                assertReadAgain(number);
            }
        }
        // before Java 19, Double.toString has one digit more for some of them
        assertEquals(
                List.of("0.0", "8.0", "-0.002", "1.0E-4", "1.0E7", "9999999.0", "1.0E23", "2.0E-322"),
                List.of(0.0, 8.0, -2e-3, 1e-4, 1e7, 9999999.0, 1e23, 2e-322).stream()
                        .map(ANY::text)
                        .toList());
    }

    private static void assertReadAgain(double number) {
        String text = ANY.text(number);
        assertEquals(number, ANY.parse(text), text);
    }

    @Test
    void aNumberOfTheWrongTypeOrNoNumberIsRefusedAsAValue() {
        Settings settings = Settings.of(RATE, COUNT);
        assertRefused(
                "rate is NaN, but must be a number of at least 0 and below 1", () -> settings.with(RATE, Double.NaN));
        assertRefused("rate is 0, but must be a number of at least 0 and below 1", () -> settings.withValue(RATE, 0));
        assertRefused("count is 4.0, but must be an integer of at least 3", () -> settings.withValue(COUNT, 4.0));
    }

    // ---- flags and choices ----

    @Test
    void aFlagIsTrueOrFalse() {
        assertEquals(true, FLAG.parse("true"));
        assertEquals(false, FLAG.parse(FLAG.text(false)));
        assertRefused("flag is \"True\", but must be true or false", () -> FLAG.parse("True"));
        assertRefused("flag is \"1\", but must be true or false", () -> FLAG.parse("1"));
        assertRefused(
                "flag is \"true\", but must be true or false",
                () -> Settings.of(FLAG).withValue(FLAG, "true"));
    }

    /** Which values there are is written by toString; here, of an enumeration of others. */
    @Test
    void aChoiceIsOneOfItsValues() {
        Setting<String> choice = Setting.choice("choice", "up", List.of("up", "half-even"), "A choice");
        assertEquals("half-even", choice.parse("HALF_EVEN"));
        assertEquals(List.of("up", "half-even"), choice.names());
        assertRefused("choice is \"down\", but must be one of up, half-even", () -> choice.parse("down"));
        assertRefused(
                "choice is DOWN, but must be one of UP, HALF_EVEN",
                () -> Settings.of(CHOICE).with(CHOICE, RoundingMode.DOWN));
    }

    // ---- how a setting is made ----

    @ParameterizedTest
    @ValueSource(strings = {"", "N", "n-layer", "_n", "n_", "n__l", "1n", "n l", "n.l", "\u00e4"})
    void otherNamesAreRefused(String name) {
        assertRefused(
                "setting: the name is \"" + name + "\", but must consist of lower-case letters, digits and single"
                        + " underscores, such as n_layer",
                () -> Setting.flag(name, true, "A flag"));
    }

    /** A file stores it, and would be refused when it is read. */
    @Test
    void aDefaultThatIsNoValueIsRefused() {
        assertRefused("n is 0, but must be an integer of at least 1", () -> Setting.integer("n", 0, 1, "A number"));
        assertRefused(
                "x is 1.0, but must be a number of at least 0 and below 1", () -> Setting.number("x", 1, 0, 1, "X"));
        assertRefused("x is Infinity, but must be a finite number above 0", () -> Setting.positive("x", 1 / 0.0, "X"));
        assertRefused(
                "c is DOWN, but must be one of UP",
                () -> Setting.choice("c", RoundingMode.DOWN, List.of(RoundingMode.UP), "C"));
        Norm reserved = new Norm() {
            @Override
            public String name() {
                return "mynorm";
            }

            @Override
            public Layer create(Scope scope, int channels, double eps) {
                throw new UnsupportedOperationException();
            }
        };
        assertThrows(
                IllegalArgumentException.class, () -> Setting.part("n", Norm.class, reserved, Norm.BUILT_IN, "A norm"));
    }
}
