package dev.microgpt.cli.option;

import dev.microgpt.model.Activation;
import dev.microgpt.model.Initialization;
import dev.microgpt.model.Norm;
import dev.microgpt.train.Schedule;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.internal.Sha256;
import dev.microgpt.train.safetensors.NumberType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Numbers on the command line, strictly: Java's own parsers also take other digits than 0 to 9, hexadecimal, suffixes,
 * NaN, and numbers too large.
 */
public final class Converters {
    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]{1,40}");
    private static final Pattern DECIMAL =
            Pattern.compile("[-+]?([0-9]{1,40}\\.?[0-9]{0,40}|\\.[0-9]{1,40})([eE][-+]?[0-9]{1,4})?");
    private static final BigInteger MAX_SEED =
            BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

    private Converters() {}

    /** A whole number from 1 to 2³¹ − 1. */
    public static final class AtLeastOne implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            return integer(value, 1, Integer.MAX_VALUE);
        }
    }

    /** A whole number from 0 to 2³¹ − 1. */
    static final class AtLeastZero implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            return integer(value, 0, Integer.MAX_VALUE);
        }
    }

    /** The number of tokens of BPE: at least the 256 bytes and the one that stands for no text. */
    public static final class VocabSize implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            return integer(value, 257, Integer.MAX_VALUE);
        }
    }

    /** A number of threads, as the kernels take it. */
    static final class ThreadCount implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            return integer(value, 1, 99_999);
        }
    }

    /** A whole number from 0 to 2⁶⁴ − 1, as the bits of a long. */
    public static final class Seed implements ITypeConverter<Long> {
        @Override
        public Long convert(String value) {
            String expected = "a whole number from 0 to " + MAX_SEED;
            BigInteger number = wholeNumber(value, expected);
            if (number.signum() < 0 || number.compareTo(MAX_SEED) > 0) {
                throw wrong(value, expected);
            }
            return number.longValue();
        }
    }

    /** A finite number above 0. */
    static final class Positive implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            double number = decimal(value, "a finite number above 0");
            if (!(number > 0)) {
                throw wrong(value, "a finite number above 0");
            }
            return number;
        }
    }

    /** A finite number, 0 or above. */
    static final class NotNegative implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            double number = decimal(value, "a finite number, 0 or above");
            if (!(number >= 0)) {
                throw wrong(value, "a finite number, 0 or above");
            }
            return number;
        }
    }

    /** A number from 0 to below 1. */
    public static final class Fraction implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            double number = decimal(value, "a number from 0 to below 1");
            if (!(number >= 0 && number < 1)) {
                throw wrong(value, "a number from 0 to below 1");
            }
            return number;
        }
    }

    /** A number above 0, at most 1. */
    static final class Share implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            double number = decimal(value, "a number above 0, at most 1");
            if (!(number > 0 && number <= 1)) {
                throw wrong(value, "a number above 0, at most 1");
            }
            return number;
        }
    }

    /** A text that is not empty, in which line ends and tabs may be written as \n, \r and \t, and a backslash as \\. */
    public static final class EscapedText implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                text.append(c == '\\' ? escaped(value, ++i) : c);
            }
            if (text.isEmpty()) {
                throw wrong(value, "at least one character");
            }
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
                throw wrong(value, "whole characters; one was cut in two");
            }
            return text.toString();
        }

        private static char escaped(String value, int index) {
            char c = index < value.length() ? value.charAt(index) : ' ';
            return switch (c) {
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case '\\' -> '\\';
                default -> throw wrong(value, "\\n, \\r, \\t or \\\\ where there is a backslash");
            };
        }
    }

    /** A path that is not empty and that the file system can have. */
    public static final class FilePath implements ITypeConverter<Path> {
        @Override
        public Path convert(String value) {
            if (value.isEmpty()) {
                throw wrong(value, "a path");
            }
            try {
                return Path.of(value);
            } catch (InvalidPathException impossible) {
                throw wrong(
                        value,
                        "a path in the encoding of the locale, " + System.getProperty("sun.jnu.encoding")
                                + "; set LC_ALL=C.UTF-8");
            }
        }
    }

    /** A path, or an empty one if there is none. */
    static final class OptionalPath implements ITypeConverter<Path> {
        @Override
        public Path convert(String value) {
            return value.isEmpty() ? Path.of("") : new FilePath().convert(value);
        }
    }

    /** An address of a host; the command says which kinds it takes. */
    public static final class Address implements ITypeConverter<URI> {
        @Override
        public URI convert(String value) {
            try {
                URI address = new URI(value);
                if (address.getScheme() != null && address.getHost() != null) {
                    return address;
                }
            } catch (URISyntaxException noAddress) {
                // said below
            }
            throw wrong(value, "an address as https://HOST/PATH");
        }
    }

    /** A SHA-256, in lower case whatever it was written in. */
    public static final class Hash implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            String hash = value.toLowerCase(Locale.ROOT);
            if (!Sha256.isHex(hash)) {
                throw wrong(value, "the " + Sha256.DIGITS + " hexadecimal digits of a SHA-256");
            }
            return hash;
        }
    }

    /** A time in seconds, above 0, at most a day. */
    public static final class Seconds implements ITypeConverter<Double> {
        private static final double DAY = 86_400;

        @Override
        public Double convert(String value) {
            String expected = "a number of seconds above 0, at most 86400";
            double number = decimal(value, expected);
            if (!(number > 0 && number <= DAY)) {
                throw wrong(value, expected);
            }
            return number;
        }
    }

    /** The number type of exported weights, by PyTorch's names. */
    public static final class FloatType implements ITypeConverter<NumberType> {
        @Override
        public NumberType convert(String value) {
            return switch (value) {
                case "float32" -> NumberType.F32;
                case "float64" -> NumberType.F64;
                default -> throw wrong(value, "float32 or float64");
            };
        }
    }

    static final class PresetName implements ITypeConverter<Preset> {
        @Override
        public Preset convert(String value) {
            return choice(value, Preset.values());
        }
    }

    static final class NormName implements ITypeConverter<Norm> {
        @Override
        public Norm convert(String value) {
            return choice(value, Norm.values());
        }
    }

    static final class ActivationName implements ITypeConverter<Activation> {
        @Override
        public Activation convert(String value) {
            return choice(value, Activation.values());
        }
    }

    static final class InitializationName implements ITypeConverter<Initialization> {
        @Override
        public Initialization convert(String value) {
            return choice(value, Initialization.values());
        }
    }

    static final class FormatName implements ITypeConverter<DataFormat> {
        @Override
        public DataFormat convert(String value) {
            return choice(value, DataFormat.values());
        }
    }

    static final class ScheduleName implements ITypeConverter<Schedule.Kind> {
        @Override
        public Schedule.Kind convert(String value) {
            return choice(value, Schedule.Kind.values());
        }
    }

    /** One of the values of an enumeration, by the text that it prints, in any case and with _ or -. */
    private static <E extends Enum<E>> E choice(String value, E[] values) {
        String wanted = label(value);
        StringJoiner labels = new StringJoiner(", ");
        for (E candidate : values) {
            String label = label(candidate.toString());
            if (label.equals(wanted)) {
                return candidate;
            }
            labels.add(label);
        }
        throw wrong(value, "one of " + labels);
    }

    private static String label(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static int integer(String value, int least, int most) {
        String expected = "a whole number from " + least + " to " + most;
        BigInteger number = wholeNumber(value, expected);
        if (number.bitLength() >= Integer.SIZE || number.intValue() < least || number.intValue() > most) {
            throw wrong(value, expected);
        }
        return number.intValue();
    }

    private static BigInteger wholeNumber(String value, String expected) {
        if (!INTEGER.matcher(value).matches()) {
            throw wrong(value, expected);
        }
        return new BigInteger(value);
    }

    private static double decimal(String value, String expected) {
        if (!DECIMAL.matcher(value).matches()) {
            throw wrong(value, expected);
        }
        double number = new BigDecimal(value).doubleValue();
        if (Double.isInfinite(number)) {
            throw wrong(value, expected);
        }
        return number;
    }

    private static TypeConversionException wrong(String value, String expected) {
        return new TypeConversionException("found \"" + value + "\", expected " + expected);
    }
}
