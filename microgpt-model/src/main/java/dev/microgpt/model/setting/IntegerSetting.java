package dev.microgpt.model.setting;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** A setting with integers from a smallest one. */
class IntegerSetting extends Setting<Integer> {
    private final int least;

    IntegerSetting(String name, int usual, int least, String help) {
        super(name, usual, help);
        this.least = least;
    }

    @Override
    public final Kind kind() {
        return Kind.INTEGER;
    }

    @Override
    public final String rule() {
        return "an integer of at least " + least;
    }

    @Override
    public final Integer parse(String text) {
        BigInteger number = StrictNumbers.integer(text);
        return checked(number == null || number.bitLength() >= Integer.SIZE ? null : (Integer) number.intValue(), text);
    }

    @Override
    final Integer checked(Object value) {
        return checked(value instanceof Integer number ? number : null, value);
    }

    private Integer checked(@Nullable Integer number, Object given) {
        if (number == null || number < least) {
            throw refused(given);
        }
        return number;
    }
}
