package io.gatefleet.faults.page;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The distribution's Chromium, without a screen. It asks nobody but the pages that it is told to open. */
final class Chromium implements AutoCloseable {
    private static final List<String> QUIET = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final Playwright playwright;
    private final Browser browser;

    Chromium() {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(program())
                        .setArgs(QUIET));
    }

    /** Opens the page of an aggregator, in a window that remembers nothing of others. */
    FleetPage open(URI aggregator, ColorScheme colours) {
        BrowserContext window = browser.newContext(new Browser.NewContextOptions()
                .setColorScheme(colours)
                .setViewportSize(1360, 860)
                .setLocale("en-GB"));
        return FleetPage.open(window, aggregator);
    }

    FleetPage open(URI aggregator) {
        return open(aggregator, ColorScheme.LIGHT);
    }

    /** {@code GATEFLEET_CHROMIUM}, or where distributions put it. */
    private static Path program() {
        return Stream.concat(
                        Optional.ofNullable(System.getenv("GATEFLEET_CHROMIUM")).stream(),
                        Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser"))
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no Chromium: neither GATEFLEET_CHROMIUM nor /usr/bin/chromium names one"));
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
