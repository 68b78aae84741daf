package io.gatefleet.faults.page;

import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.core.ConditionFactory;

/** The page as a person has it before them, and everything that the browser complained of. */
final class FleetPage implements AutoCloseable {
    private static final Path PICTURES = Path.of("target", "page");

    private final BrowserContext window;
    private final Page page;
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private FleetPage(BrowserContext window) {
        this.window = window;
        this.page = window.newPage();
        page.onConsoleMessage(this::said);
        page.onPageError(error -> complaints.add("error: " + error));
        page.onDialog(dialog -> {
            complaints.add("dialog: " + dialog.message());
            dialog.dismiss();
        });
        page.onRequest(request -> asked.add(request.url()));
        // Told to the page's own window, before any of its scripts runs.
        page.addInitScript(
                "window.violations = [];"
                        + "document.addEventListener('securitypolicyviolation', e => window.violations.push(e.violatedDirective + ' ' + e.blockedURI));");
    }

    static FleetPage open(BrowserContext window, URI aggregator) {
        FleetPage looked = new FleetPage(window);
        looked.page.navigate(aggregator.resolve("/").toString());
        return looked;
    }

    private void said(ConsoleMessage message) {
        if (message.type().equals("error") || message.type().equals("warning")) {
            complaints.add(message.type() + ": " + message.text());
        }
    }

    Page page() {
        return page;
    }

    /** Errors, warnings and dialogs. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** What its policy forbade. */
    List<?> violations() {
        return (List<?>) page.evaluate("() => window.violations");
    }

    /** Every address that the browser asked. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    /** Playwright is told by one thread at a time: the one that waits. */
    ConditionFactory soon() {
        return await().pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(60));
    }

    /** {@code waiting}, {@code live} or {@code lost}. */
    String connection() {
        String state = page.locator("#connection").getAttribute("data-state");
        return state == null ? "" : state;
    }

    void isLive() {
        soon().until(() -> connection().equals("live"));
    }

    /** One gateway's row, which is there while it is seen. */
    Locator row(String instance) {
        return page.locator("#gateway-list [data-key='" + instance + "']");
    }

    /** The word in a row's column of verdicts, without its mark. */
    String verdict(String instance) {
        Locator mark = row(instance).locator("[data-verdict]");
        String verdict = mark.count() == 0 ? null : mark.first().getAttribute("data-verdict");
        return verdict == null ? "" : verdict;
    }

    void becomes(String instance, String verdict) {
        soon().until(() -> verdict(instance).equals(verdict));
    }

    /** Text as it is seen. */
    String text(String selector) {
        return page.locator(selector).innerText();
    }

    boolean isOpen(String dialog) {
        return page.locator(dialog + "[open]").count() == 1;
    }

    /** The element that the keys go to. */
    String focus() {
        return String.valueOf(page.evaluate("() => document.activeElement.id"));
    }

    void press(String... keys) {
        for (String key : keys) {
            page.keyboard().press(key);
        }
    }

    /** A picture for people, in {@code target/page}. */
    void picture(String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")));
    }

    @Override
    public void close() {
        window.close();
    }
}
