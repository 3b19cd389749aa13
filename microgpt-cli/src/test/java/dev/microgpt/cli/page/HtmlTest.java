package dev.microgpt.cli.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HtmlTest {
    @Test
    void whatHtmlWouldReadIsEscaped() {
        assertEquals(
                "&lt;/pre&gt;&lt;script src=&#39;a&#39; b=&quot;c&quot;&gt;&amp;amp;",
                Html.escaped("</pre><script src='a' b=\"c\">&amp;"));
    }

    @Test
    void whitespaceStaysAndOtherControlCharactersAreShown() {
        assertEquals("a\n\t b\u240D\u2400\u241B\u2421\\u0085", Html.escaped("a\n\t b\r\u0000\u001B\u007F\u0085"));
    }

    @Test
    void pairsOfSurrogatesStayAndHalvesAreReplaced() {
        assertEquals("\uD83D\uDE00\uFFFDx\uFFFD\uFFFD", Html.escaped("\uD83D\uDE00\uD83Dx\uDE00\uD83D"));
    }

    @Test
    void otherScriptsStay() {
        assertEquals("\u05E9\u05DC\u05D5\u05DD \u6F22 \u00E9", Html.escaped("\u05E9\u05DC\u05D5\u05DD \u6F22 \u00E9"));
    }
}
