package io.github.dbtls.sample.browser;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.logging.Level;

import io.github.dbtls.sample.RunningSample;
import io.github.dbtls.sample.SampleEvidence;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * The page in a real browser, clicked as its users click it: every demonstration, every
 * provider, and how all of it looks.
 */
@EnabledWithBrowser
class BrowserIntegrationTests {

	private static final Log logger = LogFactory.getLog(BrowserIntegrationTests.class);

	private static final Path SCREENSHOTS = Path.of("target", "screenshots");

	private static final Path IMAGES = Path.of("..", "docs", "images");

	private static final List<String> DEMONSTRATIONS = List.of("renew-certificate", "rotate-ca", "expire-certificate",
			"impostor-other-ca", "impostor-wrong-name", "tls12-only", "tls11-only", "no-tls", "break-ca-file",
			"stop-database");

	private static final List<String> SHAPES = List.of("mysql", "tidb-dedicated", "tidb-serverless", "aws-rds",
			"tencentdb-zip", "tencentdb-jks");

	@TempDir
	private static Path directory;

	private static RunningSample sample;

	private static Browser browser;

	private static SamplePage page;

	/** Whether there was no way back to normal: the test says so in which that was. */
	private static boolean lost;

	private boolean restarted;

	@BeforeAll
	static void start() throws Exception {
		sample = RunningSample.start(directory, "-jar", RunningSample.executableJar().toString(), "--server.port=0",
				"--spring.profiles.active=");
		browser = Browser.start();
		URI uri = sample.awaitUri();
		browser.show(1280, 900, "light");
		page = SamplePage.open(browser, uri);
	}

	/**
	 * The page is still open, and listens, when the application is told to end.
	 */
	@AfterAll
	static void stop() throws Exception {
		try (Browser last = browser) {
			long signal = System.nanoTime();
			sample.close();
			logger.info("The application ended within " + Duration.ofNanos(System.nanoTime() - signal));
		}
	}

	@BeforeEach
	void backToNormal() {
		browser.show(1280, 900, "light");
		assumeThat(lost).as("the application got lost in an earlier test").isFalse();
		lost = true;
		if (page.shown("button[data-reset]")) {
			page.click("button[data-reset]");
		}
		page.awaitHealthy();
		lost = false;
	}

	@AfterEach
	void noErrorAndNoOtherHost() {
		for (LogEntry entry : browser.console()) {
			assertThat(this.restarted && isOfRestart(entry)).as(entry.toString()).isTrue();
		}
		assertThat(browser.requests()).allSatisfy((uri) -> assertThat(uri).startsWith(page.uri().toString()));
	}

	private static boolean isOfRestart(LogEntry entry) {
		// The stream breaks off and the page asks until the application is there again.
		return entry.getLevel() == Level.SEVERE && entry.getMessage().startsWith(page.uri().resolve("/live").toString())
				&& entry.getMessage().contains("Failed to load resource");
	}

	@Test
	void healthyConnectionIsShown() {
		assertThat(page.value("connection.protocol")).isEqualTo("TLSv1.3");
		assertThat(page.body("data-verified")).isEqualTo("true");
		assertThat(page.texts("[data-live='connection.path'] li[data-role]")).hasSizeGreaterThanOrEqualTo(2);
		assertThat(page.texts("[data-demonstration]")).hasSameSizeAs(DEMONSTRATIONS);
		assertThat(page.number("orders.lost")).isZero();
		readable("healthy");
		write("healthy");
	}

	@ParameterizedTest
	@ValueSource(strings = { "renew-certificate", "rotate-ca" })
	void changeThatNeedsNoAttentionGoesUnnoticed(String id) {
		int generation = Integer.parseInt(page.value("trust.generation"));
		String chain = chain();
		long retried = retried();
		page.click(SamplePage.demonstration(id));
		SamplePage.waiting().alias("chain").until(() -> !chain().equals(chain));
		page.awaitIdle();
		readable(id);
		page.awaitHealthy();
		// It cannot be taken back, and must not look as if it could.
		assertThat(page.find(SamplePage.demonstration(id)).getDomAttribute("aria-pressed")).isNull();
		assertThat(Integer.parseInt(page.value("trust.generation")))
			.isGreaterThanOrEqualTo(generation + (id.equals("rotate-ca") ? 2 : 0));
		assertThat(retried()).isEqualTo(retried);
		passed(id);
	}

	@ParameterizedTest
	@CsvSource({ "expire-certificate, EXPIRED", "impostor-other-ca, UNTRUSTED_ISSUER",
			"impostor-wrong-name, HOST_NAME_MISMATCH", "tls11-only, NO_COMMON_PROTOCOL", "no-tls, TLS_NOT_OFFERED",
			"stop-database, UNREACHABLE" })
	void refusesWhatIsNotSafe(String id, String cause) {
		long placed = page.number("orders.placed");
		page.click(SamplePage.demonstration(id));
		page.awaitPressed(SamplePage.demonstration(id), true);
		page.awaitBody("data-connection", "DOWN");
		page.awaitBody("data-orders", "WAITING");
		page.awaitValue("connection.error.cause", cause);
		page.awaitValue("lastFailure.cause", cause);
		assertThat(page.text("lastFailure.description")).contains("localhost:");
		assertThat(page.text("lastFailure.action")).isNotEmpty();
		assertThat(page.texts("[data-live='journal'] li[data-kind='REFUSED']")).isNotEmpty();
		if (id.startsWith("impostor")) {
			page.awaitValue("stage.impostor.bytesSeen", "0");
			SamplePage.waiting().until(() -> page.number("stage.impostor.attempts") > 0);
		}
		assertThat(page.number("orders.lost")).isZero();
		readable(id);
		if (id.equals("impostor-other-ca")) {
			write("impostor");
		}
		page.click(SamplePage.demonstration(id));
		page.awaitPressed(SamplePage.demonstration(id), false);
		page.awaitHealthy();
		SamplePage.waiting().until(() -> page.number("orders.placed") > placed);
		passed(id);
	}

	@ParameterizedTest
	@ValueSource(strings = { "tls12-only", "break-ca-file" })
	void worksOnWhereItIsSafe(String id) {
		page.click(SamplePage.demonstration(id));
		page.awaitPressed(SamplePage.demonstration(id), true);
		if (id.equals("tls12-only")) {
			page.awaitValue("connection.protocol", "TLSv1.2");
		}
		else {
			page.awaitText("trust.lastError", (text) -> !text.isEmpty());
		}
		page.awaitHealthy();
		readable(id);
		page.click(SamplePage.demonstration(id));
		page.awaitPressed(SamplePage.demonstration(id), false);
		if (id.equals("tls12-only")) {
			page.awaitValue("connection.protocol", "TLSv1.3");
		}
		else {
			page.awaitText("trust.lastError", String::isEmpty);
		}
		page.awaitHealthy();
		passed(id);
	}

	@Test
	void anyOrderAndTwiceIsSafe() {
		long seed = Long.getLong("dbtls-test.seed", System.nanoTime());
		logger.info("Clicks in the order of -Ddbtls-test.seed=" + seed);
		List<String> clicks = new ArrayList<>(DEMONSTRATIONS);
		clicks.addAll(DEMONSTRATIONS);
		Collections.shuffle(clicks, new Random(seed));
		for (String id : clicks) {
			page.click(SamplePage.demonstration(id));
		}
		page.awaitIdle();
		if (!page.shown("button[data-reset]")) {
			// The second click of each may have taken back its first.
			page.click(SamplePage.demonstration("tls12-only"));
			SamplePage.waiting().until(() -> page.shown("button[data-reset]"));
		}
		page.click("button[data-reset]");
		SamplePage.waiting().until(() -> page.texts("button[data-demonstration][aria-pressed='true']"), List::isEmpty);
		page.awaitIdle();
		assertThat(page.texts("button[data-demonstration][aria-pressed='true']")).isEmpty();
		page.awaitHealthy();
		assertThat(page.value("connection.protocol")).isEqualTo("TLSv1.3");
		passed("any order and twice");
	}

	@Test
	void yamlOfEachProviderIsInForce() throws Exception {
		this.restarted = true;
		List<String> ids = new ArrayList<>(SHAPES.subList(1, SHAPES.size()));
		ids.add(SHAPES.get(0));
		for (String id : ids) {
			page.click(SamplePage.shape(id));
			page.awaitPressed(SamplePage.shape(id), true);
			page.awaitHealthy();
			YamlInForce.check(page.uri(), page.text("yaml.file"), page.text("yaml.text"), page.text("yaml.elsewhere"));
			readable("provider-" + id);
			passed(id);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "impostor-wrong-name", "break-ca-file" })
	void everybodyCanReadIt(String demonstration) {
		if (!demonstration.isEmpty()) {
			page.click(SamplePage.demonstration(demonstration));
			page.awaitPressed(SamplePage.demonstration(demonstration), true);
		}
		browser.driver().executeScript(Browser.resource("/axe.min.js"));
		for (int width : new int[] { 360, 1280 }) {
			for (String colours : List.of("light", "dark")) {
				browser.show(width, 900, colours);
				String name = "page-%d-%s%s".formatted(width, colours,
						demonstration.isEmpty() ? "" : "-" + demonstration);
				browser.picture(SCREENSHOTS.resolve(name + ".png"));
				assertThat((List<?>) browser.run("layout.js")).as(name).isEmpty();
				assertThat((List<?>) browser.driver().executeAsyncScript(Browser.resource("/browser/accessibility.js")))
					.as(name)
					.isEmpty();
			}
		}
		passed("readable, " + (demonstration.isEmpty() ? "safe" : demonstration));
	}

	@Test
	void guestBookTakesAnEntry() {
		page.find("#author").sendKeys("Ann");
		page.find("#message").sendKeys("Hello from the browser");
		page.click("#guest-book button");
		SamplePage.waiting()
			.until(() -> page.texts("#guest-book .entries").toString().contains("Hello from the browser"));
		page.awaitHealthy();
	}

	@Test
	void listKeepsNoOldItemWhereTwoHaveOneKey() {
		assertThat(browser.run("keyed.js")).isEqualTo("a,a,b a,b b,c");
	}

	@Test
	void keyPressesWithoutLosingTheFocus() {
		String button = SamplePage.demonstration("break-ca-file");
		page.find(button).sendKeys(Keys.ENTER);
		page.awaitPressed(button, true);
		assertThat(page.focused(button)).isTrue();
		page.find(button).sendKeys(Keys.SPACE);
		page.awaitPressed(button, false);
		assertThat(page.focused(button)).isTrue();
	}

	@Test
	void whatCannotBeReadIsNoticed() {
		Map<String, String> faults = Map.of("is cut off", "overflow: hidden; white-space: nowrap; width: 5em",
				"is broken", "width: 4em; overflow-wrap: anywhere", "leaves section", "width: 2000px", "overlap",
				"position: absolute; top: 20em; left: 15em; font-size: 3em");
		faults.forEach((problem, style) -> {
			browser.driver()
				.executeScript(
						"document.querySelector('[data-live=\"connection.sentence\"]').style.cssText = arguments[0]",
						style);
			assertThat(String.valueOf(browser.run("layout.js"))).contains(problem);
		});
		page.reload();
	}

	@ParameterizedTest
	@ValueSource(ints = { 360, 1280 })
	void keyboardReachesEverything(int width) {
		browser.show(width, 900, "light");
		page.reload();
		List<?> focusable = (List<?>) browser.run("focusable.js");
		assertThat(focusable).hasSizeGreaterThan(DEMONSTRATIONS.size() + SHAPES.size());
		for (int i = 0; i < focusable.size(); i++) {
			new Actions(browser.driver()).sendKeys(Keys.TAB).perform();
			Map<?, ?> focused = (Map<?, ?>) browser.run("focused.js");
			assertThat(focused.get("problem")).as("" + focusable.get(i)).isEqualTo("");
			assertThat(focused.get("index")).as("" + focusable.get(i)).isEqualTo((long) i);
		}
		passed("keyboard, %d pixels".formatted(width));
	}

	/**
	 * Look at the page as it is, in a wide and a narrow window, and keep a picture.
	 */
	private static void readable(String name) {
		for (int width : new int[] { 360, 1280 }) {
			browser.show(width, 900, "light");
			assertThat((List<?>) browser.run("layout.js")).as("%s, %d px wide", name, width).isEmpty();
		}
		browser.picture(SCREENSHOTS.resolve(name + ".png"));
	}

	/**
	 * Write a picture of the README, if asked to.
	 */
	private static void write(String name) {
		if (Boolean.getBoolean("dbtls-test.write-docs")) {
			browser.smallPicture(IMAGES.resolve("sample-" + name + ".png"), 1280, 900);
		}
	}

	private static String chain() {
		return String.join("\n", page.texts("[data-live='connection.path'] li[data-role]"));
	}

	private static long retried() {
		return ((Number) ((Map<?, ?>) page.state().get("orders")).get("retried")).longValue();
	}

	private static void passed(String name) {
		SampleEvidence.of("page", name);
	}

}
