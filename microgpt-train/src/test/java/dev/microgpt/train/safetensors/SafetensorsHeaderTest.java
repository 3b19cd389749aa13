package dev.microgpt.train.safetensors;

import static dev.microgpt.train.safetensors.SafetensorsFiles.assertOneLine;
import static dev.microgpt.train.safetensors.SafetensorsFiles.assertRefused;
import static dev.microgpt.train.safetensors.SafetensorsFiles.file;
import static dev.microgpt.train.safetensors.SafetensorsFiles.withLength;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.train.fuzz.CountedCases;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every header that the format does not allow is refused with a message that gives the place and the reason. */
@ExtendWith(CountedCases.class)
class SafetensorsHeaderTest {

    /** The entry of a tensor of one element, without the braces of the header. */
    private static final String A = "\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}";

    private static final String B = A.replace("\"a\"", "\"b\"");

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("x.safetensors");
    }

    @Test
    void theFileThatTheHeadersBelowSpoilIsAccepted() throws IOException {
        Files.write(file, file("{" + A + "}", 1));
        assertEquals(1, Safetensors.read(file).tensors().size());
    }

    /** ' stands for a double quote; $ for the good tensor entries "a" and "b". */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        # not a JSON object
        []                                     | header: found first byte 0x5b, expected 0x7b
        ` {}`                                  | header: found first byte 0x20
        {} {}                                  | header: found more after the JSON object, expected only spaces
        {}x                                    | header: found Unrecognized token
        {\\0}                                  | header: found Illegal character
        {                                      | header: found Unexpected end-of-input
        {'a':1                                 | tensor 'a': found 1, expected an object with dtype
        {'a':[[[[[[1]]]]]]}                    | tensor 'a': found an array, expected an object
        {'a':{'dtype':{}}}                     | tensor 'a' dtype: found an object, expected 'F64'
        {'a':{'shape':[[[[[[1]]]]]]}}          | tensor 'a' shape: found an array, expected whole numbers
        {'a':{'shape':[{}]}}                   | tensor 'a' shape: found an object, expected whole numbers
        {$a,}                                  | header: found Unexpected character
        {$a // comment                         | header: found Unexpected character
        # names
        {$a,$a}                                | header: found 'a' twice, expected unique names
        {$a,'\\u0061':{}}                      | header: found 'a' twice, expected unique names
        {'__metadata__':{},'__metadata__':{}}  | header: found '__metadata__' twice
        {'__metadata__':{'k':'','\\u006b':''}} | metadata: found 'k' twice, expected unique names
        {'\\ud800':{}}                         | header: found Broken surrogate pair in property name at byte
        {'__metadata__':{'k':'\\ude00'}}       | metadata: found '\\ude00' with an unpaired surrogate, expected Unicode
        {'':1}                                 | header: found an empty name, '', expected a name without control
        {'\\u0000':1}                          | header: found a name with a control character, '\\u0000', expected
        {'\\u001b[31m\\n':1}                   | header: found a name with a control character, '\\u001b[31m\\u000a'
        {'a\\u202e':1}                         | header: found a name with a control character, 'a\\u202e'
        {'a\\u2028b':1}                        | header: found a name with a control character, 'a\\u2028b'
        {'\\udb40\\udc01':1}                   | header: found a name with a control character, '\\udb40\\udc01'
        {'../../x':1}                          | header: found a path, '../../x', expected a name without control
        {'/etc/passwd':1}                      | header: found a path, '/etc/passwd'
        {'a/../../b':1}                        | header: found a path, 'a/../../b'
        {'a//b':1}                             | header: found a path, 'a//b'
        {'a/':1}                               | header: found a path, 'a/'
        {'./a':1}                              | header: found a path, './a'
        {'..':1}                               | header: found a path, '..'
        {'..\\\\x':1}                          | header: found a path, '..\\u005cx'
        {'C:\\\\x':1}                          | header: found a path, 'C:\\u005cx'
        {'file:///x':1}                        | header: found a path, 'file:///x'
        # metadata
        {'__metadata__':null}                  | metadata: found null, expected an object of strings
        {'__metadata__':{'k':1}}               | metadata: found 1 for 'k', expected a string
        {'__metadata__':{'k':{}}}              | metadata: found an object for 'k', expected a string
        {'__metadata__':{'checksum':'sha256'}} | metadata 'sha256': found none, expected 64 lower-case
        {'__metadata__':{'sha256':'ABC'}}      | metadata 'sha256': found 'ABC', expected 64 lower-case
        {'__metadata__':{'sha256':'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'}} | metadata 'sha256': found 'AAAA
        # fields
        {'a':{'dtype':'F64','shape':[1]}}      | tensor 'a': found no data_offsets
        {'a':{'dtype':'F64'}}                  | tensor 'a': found no shape
        {'a':{}}                               | tensor 'a': found no dtype
        {'a':{'dtype':'F64','dtype':'F64'}}    | tensor 'a': found field 'dtype', expected dtype, shape and
        {'a':{'Dtype':'F64'}}                  | tensor 'a': found field 'Dtype', expected dtype, shape and
        {'a':{'dtype':'F32'}}                  | tensor 'a' dtype: found 'F32', expected 'F64' (supported: F64)
        {'a':{'dtype':'f64'}}                  | tensor 'a' dtype: found 'f64', expected 'F64'
        {'a':{'dtype':null}}                   | tensor 'a' dtype: found null, expected 'F64'
        # shapes
        {'a':{'shape':8}}                      | tensor 'a' shape: found 8, expected an array of at most 8 whole
        {'a':{'shape':[-1]}}                   | tensor 'a' shape: found -1, expected whole numbers
        {'a':{'shape':[-0]}}                   | tensor 'a' shape: found -0, expected whole numbers
        {'a':{'shape':[1.0]}}                  | tensor 'a' shape: found 1.0, expected whole numbers
        {'a':{'shape':[1e400]}}                | tensor 'a' shape: found 1e400, expected whole numbers
        {'a':{'shape':['1']}}                  | tensor 'a' shape: found '1', expected whole numbers
        {'a':{'shape':[null]}}                 | tensor 'a' shape: found null, expected whole numbers
        {'a':{'shape':[02]}}                   | header: found Invalid numeric value at byte
        {'a':{'shape':[NaN]}}                  | header: found Non-standard token
        {'a':{'shape':[9999999999999999999]}}  | tensor 'a' shape: found 9999999999999999999, expected whole numbers
        {'a':{'shape':[0]}}                    | tensor 'a' shape: found [0], expected dimensions of at least 1
        {'a':{'shape':[2147483648]}}           | tensor 'a' shape: found [2147483648], expected dimensions of
        {'a':{'shape':[65536,65536,0]}}        | tensor 'a' shape: found [65536, 65536, 0], expected dimensions of
        {'a':{'shape':[0,999999999999999999]}} | tensor 'a' shape: found [0, 999999999999999999], expected dimensions of
        {'a':{'shape':[0,9223372036854775808]}} | tensor 'a' shape: found 9223372036854775808, expected whole
        {'a':{'shape':[1,1,1,1,1,1,1,1,1]}}    | tensor 'a' shape: found more than 8, expected an array of at most
        # offsets
        {'a':{'data_offsets':[-8,0]}}          | tensor 'a' data_offsets: found -8, expected whole numbers
        {'a':{'data_offsets':['0',8]}}         | tensor 'a' data_offsets: found '0', expected whole numbers
        {'a':{'data_offsets':[0,1e1]}}         | tensor 'a' data_offsets: found 1e1, expected whole numbers
        {'a':{'data_offsets':[null,8]}}        | tensor 'a' data_offsets: found null, expected whole numbers
        {'a':{'dtype':'F4'}}                   | tensor 'a' dtype: found 'F4', expected 'F64'
        {'a':{'dtype':'C64'}}                  | tensor 'a' dtype: found 'C64', expected 'F64'
        {'a':{'dtype':'BF16'}}                 | tensor 'a' dtype: found 'BF16', expected 'F64'
        {'a':{'data_offsets':[0]}}             | tensor 'a' data_offsets: found [0], expected an array of two
        {'a':{'data_offsets':[0,8,8]}}         | tensor 'a' data_offsets: found more than 2, expected an array
        {'a':{'data_offsets':{}}}              | tensor 'a' data_offsets: found an object, expected an array of two
        {$a:0,16}                              | tensor 'a' data_offsets: found [0, 16], 16 bytes, expected 8 bytes
        {$a:8,0}                               | tensor 'a' data_offsets: found [8, 0], -8 bytes, expected 8 bytes
        {$a:8,16}                              | tensor 'a' data_offsets: found begin 8, expected 0; there must be
        {$a,$b}                                | tensor 'b' data_offsets: found begin 0, expected 8; tensors must
        {$a,$b:4,12}                           | tensor 'b' data_offsets: found begin 4, expected 8; tensors must
        {$a,$b:16,24}                          | tensor 'b' data_offsets: found begin 16, expected 8; there must be
        {$a,$b:8,16}                           | tensor 'b' data_offsets: found end 16, expected at most 8
        {}                                     | data: found 8 bytes, expected 0, the end of the last tensor
        """)
    void hostileHeaderIsRefused(String header, String message) throws IOException {
        String json = header.replaceAll("\\$([ab]):(\\d+,\\d+)", "\\$$1~$2~")
                .replace("$a", A)
                .replace("$b", B)
                .replaceAll("\\[0,8]}~(\\d+,\\d+)~", "[$1]}")
                .replace('\'', '"')
                .replace("\\0", "\0");
        assertRefused(file, message.replace('\'', '"'), file(json, 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"h.0.ln_1.weight", "layer0.\u00f6", "a b", "encoder/layer_0/kernel:0", "...", "a..b", "~", "C:"})
    void namesThatOtherProgramsUseAreAccepted(String name) throws IOException {
        Files.write(file, file("{" + A.replace("\"a\"", '"' + name + '"') + "}", 1));
        assertEquals(name, Safetensors.read(file).tensors().get(0).name());
    }

    /** The limit is looked at while they are read: neither takes memory of its length. */
    @Test
    void longNumbersAndStringsAreRefused() throws IOException {
        String limit = "header: found a name or a tensor of more than 131072 bytes, expected at most that many";
        for (String beginning : new String[] {
            "{\"a\":{\"shape\":[9",
            "{\"a\":{\"shape\":[-1.9",
            "{\"a\":{\"dtype\":\"9",
            "{\"a\":9",
            "{\"9",
            "{\"__metadata__\":9",
            "{\"__metadata__\":{\"9"
        }) {
            assertRefused(file, limit, file(beginning + "9".repeat(200_000)));
        }
        assertRefused(
                file,
                "header: found metadata of more than 16777216 bytes, expected at most that many",
                file("{\"__metadata__\":{\"a\":\"" + "9".repeat(17_000_000)));
        assertRefused(
                file,
                "header: found metadata of more than 16777216 bytes, expected at most that many",
                file("{\"__metadata__\":{\"a\":\"" + "9".repeat(9_000_000) + "\",\"b\":\"" + "9".repeat(9_000_000)));
    }

    @Test
    void numberOfManyDigitsIsRefused() throws IOException {
        byte[] bytes = file("{" + A.replace("[1]", "[" + "9".repeat(100_000) + "]") + "}", 1);
        assertRefused(
                file,
                "tensor \"a\" shape: found " + "9".repeat(80) + "… (100000 characters), expected whole numbers",
                bytes);
    }

    @Test
    void countsAreLimited() throws IOException {
        StringBuilder tensors = new StringBuilder("{");
        StringBuilder metadata = new StringBuilder("{\"__metadata__\":{");
        for (int i = 0; i <= 65_536; i++) {
            tensors.append(A.replace("\"a\"", "\"" + i + "\"")).append(',');
            metadata.append('"').append(i).append("\":\"\",");
        }
        assertRefused(
                file, "header: found more than 65536 tensors, expected at most 65536", file(tensors.toString(), 1));
        assertRefused(file, "header: found more than 65536 metadata entries", file(metadata.toString(), 1));
    }

    /** Overlong encodings, surrogates, values above U+10FFFF, and truncated characters. */
    @ParameterizedTest
    @CsvSource({
        "c080",
        "e08080",
        "f0808080",
        "eda080",
        "edbfbf",
        "f4908080",
        "f5808080",
        "ff",
        "80",
        "c3",
        "e282",
        "f09f98",
        "c328"
    })
    void headerThatIsNotUtf8IsRefused(String hex) throws IOException {
        byte[] bytes = file("{\"__metadata__\":{\"k\":\"" + "_".repeat(hex.length() / 2) + "\"}}");
        System.arraycopy(HexFormat.of().parseHex(hex), 0, bytes, 30, hex.length() / 2);
        assertRefused(file, "expected UTF-8", bytes);
        assertRefused(
                file, "expected UTF-8", Arrays.copyOf(withLength(bytes, 22 + hex.length() / 2), 30 + hex.length() / 2));
    }

    @Test
    void headerInUtf16IsRefused() throws IOException {
        byte[] json = "{}".getBytes(StandardCharsets.UTF_16LE);
        assertRefused(file, "header: found Illegal character", file(new String(json, StandardCharsets.ISO_8859_1)));
    }

    @Test
    void randomDamageNeverEscapesAsAnotherException() throws IOException {
        long seed = 20240613;
        Random random = new Random(seed);
        byte[] good =
                file("{\"__metadata__\":{\"k\":\"\\u00f6\"}," + A + "," + B.replace("[0,8]", "[8,16]") + "}", 1, 2);
        String alphabet = "{}[]:,\"\\u09-.eE+ \0\u00ff";
        for (int i = 0; i < 500; i++) {
            byte[] bad = good.clone();
            for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
                bad[random.nextInt(bad.length)] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
            }
            Files.write(file, bad);
            try {
                Safetensors.read(file);
            } catch (SafetensorsException refused) {
                assertOneLine(file, refused.getMessage());
            } catch (RuntimeException escaped) {
                throw new AssertionError("seed " + seed + ", input " + i + ": " + Arrays.toString(bad), escaped);
            }
        }
    }
}
