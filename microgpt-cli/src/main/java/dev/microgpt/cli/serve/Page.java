package dev.microgpt.cli.serve;

import dev.microgpt.cli.page.Template;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The page to try the models with.
 *
 * @param html   the page, in UTF-8
 * @param policy its content security policy: nothing but its own style, script and server
 */
record Page(byte[] html, String policy) {
    static final String TYPE = "text/html; charset=utf-8";

    /** Reads the page from the resources of this program. */
    static Page read() throws IOException {
        Template template = new Template(Page.class);
        Map<String, String> values = new HashMap<>();
        template.putStyle(values, Template.COLORS, "serve.css");
        template.putScript(values, "serve.js");
        String policy = "default-src 'none'; style-src " + values.get("css-hash") + "; script-src "
                + values.get("js-hash")
                + "; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        return new Page(template.filled("serve.html", values).getBytes(StandardCharsets.UTF_8), policy);
    }
}
