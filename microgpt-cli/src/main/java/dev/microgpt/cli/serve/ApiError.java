package dev.microgpt.cli.serve;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request is refused; the client gets the status and a JSON object that says why. */
final class ApiError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final int BAD_REQUEST = 400;
    private static final String INVALID_REQUEST = "invalid_request_error";

    private final int status;
    private final String type;
    private final @Nullable String param;
    private final @Nullable String code;

    private ApiError(int status, String type, String message, @Nullable String param, @Nullable String code) {
        super(message, null, false, false);
        this.status = status;
        this.type = type;
        this.param = param;
        this.code = code;
    }

    /** Returns the refusal of a field. */
    static ApiError ofField(String param, String message) {
        return ofField(param, message, null);
    }

    static ApiError ofField(String param, String message, @Nullable String code) {
        return new ApiError(BAD_REQUEST, INVALID_REQUEST, message, param, code);
    }

    /** Returns the refusal of a request as a whole. */
    static ApiError ofRequest(int status, String message, @Nullable String code) {
        return new ApiError(status, INVALID_REQUEST, message, null, code);
    }

    static ApiError unknownModel(String message) {
        return new ApiError(404, INVALID_REQUEST, message, "model", "model_not_found");
    }

    static ApiError ofKey(String message) {
        return new ApiError(401, "authentication_error", message, null, "invalid_api_key");
    }

    static ApiError tooMany(String message) {
        return new ApiError(429, "rate_limit_error", message, null, "rate_limit_exceeded");
    }

    static ApiError stopping() {
        return new ApiError(503, "server_error", "the server is stopping; send the request to another one", null, null);
    }

    /** Returns what a client is told about a failure that is none of its own; standard error has the reason. */
    static ApiError internal() {
        return new ApiError(
                500, "server_error", "the server failed; its standard error has the reason", null, "internal_error");
    }

    int status() {
        return status;
    }

    Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> error = new LinkedHashMap<>();
        error.put("message", getMessage());
        error.put("type", type);
        error.put("param", param);
        error.put("code", code);
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("error", error);
        return json;
    }
}
