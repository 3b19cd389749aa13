package dev.microgpt.cli.serve;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a server.
 *
 * @param host         the name or address to listen at
 * @param port         the port, from 0 to 65535; 0 for any free one
 * @param concurrent   the most requests that use a model at a time, at least 1
 * @param queue        the most requests that wait for that, at least 0
 * @param maxTokens    the most tokens of one text, at least 1
 * @param maxBody      the largest body of a request, in bytes
 * @param allowedHosts further names by which clients may address the server
 * @param apiKey       what clients must send, or null
 */
public record ServerConfig(
        String host,
        int port,
        int concurrent,
        int queue,
        int maxTokens,
        int maxBody,
        List<String> allowedHosts,
        @Nullable String apiKey) {}
