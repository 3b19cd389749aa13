package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.cli.failure.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The files that the cases of the catalogue name. */
final class CatalogueInputs {
    private static final String NAMES = "anna\nbob\ncleo\n";
    private static final boolean HAS_PIPES = works("sh", "-c", "command -v mkfifo");

    private static final String LFS_POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:"
            + "0123456789abcdef".repeat(4) + "\nsize 123456\n";

    private CatalogueInputs() {}

    static void write(Path folder) throws IOException {
        writeTexts(folder);
        writeForeign(folder);
        Files.createDirectories(folder.resolve("folder"));
        Files.createSymbolicLink(folder.resolve("loop.txt"), Path.of("loop.txt"));
        train(folder, "model", "--data", folder.resolve("names.txt").toString());
        writeCheckpoints(folder);
        writeLarge(folder);
        byte[] tokens = new byte[400];
        byte[] wrong = tokens.clone();
        wrong[200] = 4; // the vocabulary has 3 characters and BOS
        writePrepared(folder.resolve("ids"), tokens, tokens);
        writePrepared(folder.resolve("ids-train"), wrong, tokens);
        writePrepared(folder.resolve("ids-val"), tokens, wrong);
        writePrepared(folder.resolve("ids-odd"), tokens, new byte[7]);
        if (HAS_PIPES) {
            Path pipes = Files.createDirectories(folder.resolve("pipes"));
            String inFolder = pipes.resolve("pipe.txt").toString();
            String config = pipes.resolve("config.json").toString();
            works("mkfifo", folder.resolve("pipe").toString(), inFolder, config);
        }
    }

    /** Returns whether the files include pipes, which not every system has. */
    static boolean hasPipes() {
        return HAS_PIPES;
    }

    private static boolean works(String... command) {
        try {
            return Trainings.works(command);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void writePrepared(Path folder, byte[] training, byte[] validation) throws IOException {
        Files.createDirectories(folder);
        write(folder, "tokenizer.json", "{\"type\":\"char\",\"alphabet\":\"abc\"}\n");
        Files.write(folder.resolve("train.bin"), training);
        Files.write(folder.resolve("val.bin"), validation);
    }

    private static void writeTexts(Path folder) throws IOException {
        write(folder, "names.txt", NAMES);
        write(folder, "text.txt", SmallTraining.TEXT);
        write(folder, "empty.txt", "");
        write(folder, "blank.txt", " \n\t\n\n");
        write(folder, "one.txt", "a");
        write(folder, "many.txt", NAMES.repeat(5_000));
        write(folder, "same.txt", "aaaa\n".repeat(30));
        write(folder, "same-lines.txt", "anna\n".repeat(30));
        write(folder, "crlf.txt", "anna\r\nbob\r\n\r\ncleo\r\n");
        write(folder, "mixed.txt", "anna\r\nbob\ncleo\rdora\n");
        write(folder, "mark.txt", "\uFEFF" + NAMES);
        write(folder, "long.txt", NAMES + "abcdefgh".repeat(5) + "\n");
        write(folder, "no-end.txt", "anna\n\nbob");
        write(folder, "nul.txt", "anna\nb\0b\n");
        write(folder, "accent.txt", "anna\n\nloe\u00E9\n");
        write(folder, "config.json", "{\"n_layer\": 1,\n \"n_head\": }");
    }

    private static void writeForeign(Path folder) throws IOException {
        write(folder, "latin1.txt", "anna\nren\u00E9\n", StandardCharsets.ISO_8859_1);
        write(folder, "utf16.txt", NAMES, StandardCharsets.UTF_16);
        write(folder, "utf16le.txt", NAMES, StandardCharsets.UTF_16LE);
        write(folder, "utf16be.txt", NAMES, StandardCharsets.UTF_16BE);
        write(folder, "utf32.txt", NAMES, Charset.forName("UTF-32BE"));
        write(folder, "names.pdf", "%PDF-1.7\n1 0 obj\n");
        write(folder, "names.parquet", "PAR1\u0015\u0004\u0015PAR1");
        byte[] bytes = new byte[1000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 37 >> 1);
        }
        Files.write(folder.resolve("names.bin"), bytes);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(NAMES.getBytes(StandardCharsets.UTF_8));
        }
        Files.write(folder.resolve("names.gz"), packed.toByteArray());
        packed.reset();
        try (ZipOutputStream zip = new ZipOutputStream(packed)) {
            zip.putNextEntry(new ZipEntry("names.txt"));
            zip.write(NAMES.getBytes(StandardCharsets.UTF_8));
        }
        Files.write(folder.resolve("names.zip"), packed.toByteArray());
        write(folder, "lfs.txt", LFS_POINTER);
        Path gpt2 = Files.createDirectories(folder.resolve("gpt2"));
        write(
                gpt2,
                "config.json",
                "{\"model_type\": \"gpt2\", \"vocab_size\": 5, \"n_layer\": 1, \"num_hidden_layers\": 2, \"n_head\": 2,"
                        + " \"n_embd\": 8, \"n_positions\": 6}");
        write(gpt2, "model.safetensors", LFS_POINTER);
        write(gpt2, "tokenizer.json", LFS_POINTER);
    }

    private static void writeCheckpoints(Path folder) throws IOException {
        byte[] whole = Files.readAllBytes(folder.resolve("model/checkpoint.safetensors"));
        Path damaged = Files.createDirectories(folder.resolve("damaged"));
        byte[] flipped = whole.clone();
        flipped[whole.length - 100] ^= 1;
        Files.write(damaged.resolve("flipped.safetensors"), flipped);
        Files.write(damaged.resolve("short.safetensors"), Arrays.copyOf(whole, whole.length - 1));
        Files.write(damaged.resolve("long.safetensors"), Arrays.copyOf(whole, whole.length + 1));
        Files.write(damaged.resolve("seven.safetensors"), Arrays.copyOf(whole, 7));
        Files.write(damaged.resolve("zeros.safetensors"), new byte[100]);
        byte[] huge = new byte[100];
        Arrays.fill(huge, 0, Long.BYTES, (byte) 0xFF);
        Files.write(damaged.resolve("huge.safetensors"), huge);
        Path halfWritten = Files.createDirectories(folder.resolve("half"));
        Files.write(halfWritten.resolve(".checkpoint.safetensors.tmp-1"), whole);
        Path foreign = Files.createDirectories(folder.resolve("foreign"));
        write(foreign, ".lock", ""); // which a refused run leaves, too
        write(foreign, "best.safetensors", "my notes");
        Path renamed = Files.createDirectories(folder.resolve("newer"));
        String text = new String(whole, StandardCharsets.ISO_8859_1);
        write(renamed, "checkpoint.safetensors", text.replace("wte", "wtf"), StandardCharsets.ISO_8859_1);
    }

    /** Files that would fill a small heap; most of their bytes are holes, which take no disk and are never read. */
    private static void writeLarge(Path folder) throws IOException {
        Path damaged = folder.resolve("damaged");
        writeBytes(damaged, "eight.safetensors", "\u0002\0\0\0\0\0\0\0");
        writeBytes(damaged, "path.safetensors", header("{\"../../x\":{}}", 14));
        writeBytes(damaged, "number.safetensors", header("{\"a\":{\"shape\":[" + "9".repeat(200_000), 90_000_000));
        extend(damaged.resolve("number.safetensors"), 90_000_008);
        String string = "{\"__metadata__\":{\"a\":\"" + "9".repeat(17_000_000);
        writeBytes(damaged, "string.safetensors", header(string, 90_000_000));
        extend(damaged.resolve("string.safetensors"), 90_000_008);
        String tensor = "{\"wte\":{\"dtype\":\"F64\",\"shape\":[25000000],\"data_offsets\":[0,200000000]}}";
        writeBytes(damaged, "foreign.safetensors", header(tensor, tensor.length()));
        extend(damaged.resolve("foreign.safetensors"), Long.BYTES + tensor.length() + 200_000_000L);
        write(folder, "list.json", "[");
        extend(folder.resolve("list.json"), 200_000_000);
        Path config = Files.createDirectories(folder.resolve("large-config"));
        write(config, "config.json", "{\"a\":\"" + "9".repeat(1_100_000) + "\"}");
        Path merges = Files.createDirectories(folder.resolve("large-merges"));
        write(
                merges,
                "config.json",
                "{\"model_type\":\"gpt2\",\"vocab_size\":2,\"n_layer\":1,\"n_head\":1,\"n_embd\":1,\"n_positions\":1}");
        write(merges, "vocab.json", "{\"a\":0,\"b\":1}");
        write(merges, "merges.txt", "");
        extend(merges.resolve("merges.txt"), 200_000_000);
    }

    /** The beginning of a safetensors file, whose header may claim to be longer. */
    private static String header(String json, long claimed) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Long.BYTES; i++) {
            text.append((char) (claimed >> Byte.SIZE * i & 0xFF));
        }
        return text.append(json).toString();
    }

    private static void extend(Path file, long bytes) throws IOException {
        try (RandomAccessFile longer = new RandomAccessFile(file.toFile(), "rw")) {
            longer.setLength(bytes);
        }
    }

    /** A training of two steps. */
    private static void train(Path folder, String name, String... more) {
        String[] args = {
            "train",
            "--quiet",
            "--steps",
            "2",
            "--num-samples",
            "0",
            "--out",
            folder.resolve(name).toString()
        };
        String[] all = Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        Run run = Run.of(all);
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
    }

    private static void writeBytes(Path folder, String name, String bytes) throws IOException {
        write(folder, name, bytes, StandardCharsets.ISO_8859_1);
    }

    private static void write(Path folder, String name, String text) throws IOException {
        write(folder, name, text, StandardCharsets.UTF_8);
    }

    private static void write(Path folder, String name, String text, Charset charset) throws IOException {
        Files.write(folder.resolve(name), text.getBytes(charset));
    }
}
