package dev.microgpt.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class NumbersTest {
    @Test
    void wholeNumbersAreGroupedByThrees() {
        assertEquals("0", Numbers.grouped(0));
        assertEquals("999", Numbers.grouped(999));
        assertEquals("-999", Numbers.grouped(-999));
        assertEquals("1,000", Numbers.grouped(1000));
        assertEquals("-1,234,567", Numbers.grouped(-1_234_567));
    }

    @Test
    void significantDigitsAreKept() {
        assertEquals("2.346", Numbers.significant(2.34567, 4));
        assertEquals("0.01", Numbers.significant(0.01, 4));
        assertEquals("12,350", Numbers.significant(12_345.6, 4));
        assertEquals("1.235e-5", Numbers.significant(1.23456e-5, 4));
        assertEquals("1.235e300", Numbers.significant(1.23456e300, 4));
        assertEquals("0", Numbers.significant(0, 4));
        assertEquals("\u2013", Numbers.significant(Double.NaN, 4));
        assertEquals("\u2013", Numbers.fixed(Double.POSITIVE_INFINITY, 2));
    }
}
