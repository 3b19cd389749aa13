package dev.microgpt.cli.option;

import dev.microgpt.cli.data.StandardInput;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.model.setting.StrictNumbers;
import dev.microgpt.train.internal.Sha256;
import java.lang.reflect.Field;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.TypeConversionException;

/**
 * Turns the words of a command line into values. The type of an option's field decides how its word is read, and
 * {@link Range} which numbers it accepts; the few options with a syntax of their own name one of the public converters.
 *
 * <p>An exception's message completes the sentence "the option must be ...". Numbers are read by {@link StrictNumbers}.
 */
public final class Converters {
    private static final BigInteger MAX_SEED =
            BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

    /** How a part, a model or an optimizer of another project is found. */
    private static final String CLASS_PATH = "start the program with your jar on its class path: java -cp"
            + " microgpt.jar:YOURS.jar dev.microgpt.cli.Main train, or MICROGPT_CLASSPATH=YOURS.jar ./microgpt train";

    private Converters() {}

    /** Refuses the name or the settings of a part, a model or an optimizer, with a hint if it was not found. */
    static CliException refused(IllegalArgumentException reason) {
        String message = String.valueOf(reason.getMessage());
        boolean isMissing = message.contains(" on the class path or module path has this name");
        return new CliException(ExitCode.USAGE, "--" + message, isMissing ? CLASS_PATH : null);
    }

    /** Registers the converters of all types that the options of a command and of its subcommands have. */
    public static void register(CommandLine line) {
        line.registerConverter(int.class, new Integers());
        line.registerConverter(Integer.class, new Integers());
        line.registerConverter(double.class, new Decimals());
        line.registerConverter(Double.class, new Decimals());
        line.registerConverter(Path.class, new Paths());
        line.registerConverter(Duration.class, new Times());
        line.registerConverter(URI.class, new Addresses());
        registerChoices(line);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // which enumeration it is, is known at run time only
    private static void registerChoices(CommandLine line) {
        for (ArgSpec arg : line.getCommandSpec().args()) {
            if (arg.typeInfo().isEnum()) {
                Class type = arg.type();
                line.registerConverter(type, new Choices(type.getEnumConstants()));
            }
        }
        for (CommandLine subcommand : line.getSubcommands().values()) {
            registerChoices(subcommand);
        }
    }

    /** Returns whether the number that was given to an option is in its {@link Range}. */
    public static boolean isInRange(ArgSpec arg) {
        Range range = range(arg);
        if (range == null || !(arg.getValue() instanceof Number value)) {
            return true;
        }
        double number = value.doubleValue();
        return number >= range.atLeast()
                && number > range.above()
                && number <= range.atMost()
                && number < range.below();
    }

    /** Describes the numbers that an option with a {@link Range} accepts, given one it does not; null for no range. */
    public static @Nullable String rule(ArgSpec arg, String refused) {
        Range range = range(arg);
        if (range == null) {
            return null;
        }
        boolean isLimited = Double.isFinite(range.atMost());
        if (arg.type() == int.class || arg.type() == Integer.class) {
            BigInteger number = StrictNumbers.integer(refused);
            boolean isTooLarge = number != null && number.doubleValue() > Integer.MAX_VALUE;
            long least = (long) range.atLeast();
            long most = (long) Math.min(range.atMost(), Integer.MAX_VALUE);
            return isLimited || isTooLarge
                    ? "an integer from " + least + " to " + most
                    : "an integer of at least " + least;
        }
        boolean isBounded = isLimited || Double.isFinite(range.below());
        return (isBounded ? "a number " : "a finite number ")
                + (Double.isFinite(range.above())
                        ? "above " + (long) range.above()
                        : "of at least " + (long) range.atLeast())
                + (isLimited ? " and at most " + (long) range.atMost() : "")
                + (Double.isFinite(range.below()) ? " and below " + (long) range.below() : "");
    }

    private static @Nullable Range range(ArgSpec arg) {
        return arg.userObject() instanceof Field field ? field.getAnnotation(Range.class) : null;
    }

    private static final class Integers implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            BigInteger number = StrictNumbers.integer(value);
            if (number != null && number.bitLength() < Integer.SIZE) {
                return number.intValue();
            }
            throw new TypeConversionException("an integer of at most " + Integer.MAX_VALUE);
        }
    }

    private static final class Decimals implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            Double number = StrictNumbers.decimal(value);
            if (number != null && Double.isFinite(number)) {
                return number;
            }
            throw new TypeConversionException("a finite number");
        }
    }

    /** A path that is not empty and that the file system can represent; - would look like a standard stream. */
    private static final class Paths implements ITypeConverter<Path> {
        @Override
        public Path convert(String value) {
            if (value.equals(StandardInput.NAME)) {
                throw new TypeConversionException("a path other than - (a standard stream cannot be used here, and"
                        + " ./- is a file of that name)");
            }
            return path(value);
        }

        static Path path(String value) {
            if (value.isEmpty()) {
                throw new TypeConversionException("a path");
            }
            try {
                return Path.of(value);
            } catch (InvalidPathException impossible) {
                throw new TypeConversionException("a path in the encoding of the locale, "
                        + System.getProperty("sun.jnu.encoding") + " (set LC_ALL=C.UTF-8 for UTF-8)");
            }
        }
    }

    /** A time in days, hours, minutes and seconds, such as 1h30m. */
    private static final class Times implements ITypeConverter<Duration> {
        private static final Pattern FORM =
                Pattern.compile("(?:(\\d{1,3})d)?(?:(\\d{1,5})h)?(?:(\\d{1,6})m)?(?:(\\d{1,8})s)?");
        private static final long[] SECONDS = {86_400, 3_600, 60, 1};
        private static final int LEAST = 30;

        @Override
        public Duration convert(String value) {
            Matcher form = FORM.matcher(value);
            long seconds = 0;
            if (form.matches()) {
                for (int i = 0; i < SECONDS.length; i++) {
                    String number = form.group(i + 1);
                    seconds += number == null ? 0 : SECONDS[i] * Long.parseLong(number);
                }
            }
            if (seconds < LEAST) {
                throw new TypeConversionException(
                        "a time of at least " + LEAST + "s, in days, hours, minutes and seconds, such as 30m or 1h30m");
            }
            return Duration.ofSeconds(seconds);
        }
    }

    /** An address with a host; the command decides which schemes it accepts. */
    private static final class Addresses implements ITypeConverter<URI> {
        @Override
        public URI convert(String value) {
            try {
                URI address = new URI(value);
                if (address.getScheme() != null && address.getHost() != null) {
                    return address;
                }
            } catch (URISyntaxException malformed) {
                // reported below
            }
            throw new TypeConversionException("an address such as https://HOST/PATH");
        }
    }

    /** One of the values of an enumeration, by the text that it prints, in upper or lower case and with _ or -. */
    private static final class Choices implements ITypeConverter<Object> {
        private final Object[] values;

        Choices(Object[] values) {
            this.values = values;
        }

        @Override
        public Object convert(String value) {
            String wanted = label(value);
            StringJoiner labels = new StringJoiner(", ");
            for (Object candidate : values) {
                String label = label(candidate.toString());
                if (label.equals(wanted)) {
                    return candidate;
                }
                labels.add(label);
            }
            throw new TypeConversionException("one of " + labels);
        }

        private static String label(String name) {
            return name.toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** A path, or - for standard input. */
    public static final class PathOrStandardInput implements ITypeConverter<Path> {
        @Override
        public Path convert(String value) {
            return Paths.path(value);
        }
    }

    /** A path, or an empty one if none is given. */
    static final class OptionalPath implements ITypeConverter<Path> {
        @Override
        public Path convert(String value) {
            return value.isEmpty() ? Path.of("") : new Paths().convert(value);
        }
    }

    /** An integer from 0 to 2⁶⁴ − 1, as the bits of a long. */
    public static final class Seed implements ITypeConverter<Long> {
        @Override
        public Long convert(String value) {
            BigInteger number = StrictNumbers.integer(value);
            if (number == null || number.signum() < 0 || number.compareTo(MAX_SEED) > 0) {
                throw new TypeConversionException("an integer from 0 to " + MAX_SEED);
            }
            return number.longValue();
        }
    }

    /** A SHA-256, in lower case however it was written. */
    public static final class Hash implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            String hash = value.toLowerCase(Locale.ROOT);
            if (!Sha256.isHex(hash)) {
                throw new TypeConversionException("the " + Sha256.DIGITS + " hexadecimal digits of a SHA-256");
            }
            return hash;
        }
    }

    /** Text, in which \n, \r and \t stand for line ends and tabs, and \\ for a backslash. */
    public static final class EscapedText implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                text.append(c == '\\' ? escaped(value, ++i) : c);
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
                default ->
                    throw new TypeConversionException("text in which each backslash begins \\n, \\r, \\t or \\\\");
            };
        }
    }

    /** Text to search for: such text, but not empty. */
    public static final class StopText implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            String text = new EscapedText().convert(value);
            if (text.isEmpty()) {
                throw new TypeConversionException("at least one character");
            }
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
                throw new TypeConversionException("text without half of a surrogate pair");
            }
            return text;
        }
    }
}
