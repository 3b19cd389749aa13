package dev.microgpt.model.tokenizer.bpe;

/** The kinds of code points in the tables of the JDK that runs the tests: 17 has Unicode 13, 25 has Unicode 16. */
public final class JdkKind {
    private JdkKind() {}

    public static byte of(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER -> CodePointKind.LETTER;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
                CodePointKind.NUMBER;
            case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                CodePointKind.SPACE;
            default ->
                codePoint >= '\t' && codePoint <= '\r' || codePoint == 0x85 ? CodePointKind.SPACE : CodePointKind.OTHER;
        };
    }
}
