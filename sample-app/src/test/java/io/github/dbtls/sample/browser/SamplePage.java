package io.github.dbtls.sample.browser;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The page of the sample application as its user sees and clicks it.
 */
final class SamplePage {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	/**
	 * Each of several texts, as far as it can be seen; read at once, since the page
	 * changes while it is read.
	 */
	private static final String TEXTS = """
			return [...document.querySelectorAll(arguments[0])].filter((found) => found.checkVisibility())
				.map((found) => found.innerText ?? found.textContent);""";

	private final Browser browser;

	private final URI uri;

	private SamplePage(Browser browser, URI uri) {
		this.browser = browser;
		this.uri = uri;
	}

	static SamplePage open(Browser browser, URI uri) {
		browser.driver().get(uri.toString());
		return new SamplePage(browser, uri);
	}

	/**
	 * Load it again, and wait for the first state.
	 */
	void reload() {
		this.browser.driver().navigate().refresh();
		waiting().until(() -> body("data-at") != null);
	}

	URI uri() {
		return this.uri;
	}

	/**
	 * Return what the page says of a value.
	 * @param path the path of the value, such as {@code connection.protocol}
	 * @return the text, empty if it is not to be seen
	 */
	String text(String path) {
		return String.join("\n", texts("[data-live=\"" + path + "\"]")).strip();
	}

	@SuppressWarnings("unchecked")
	List<String> texts(String selector) {
		Object texts = this.browser.driver().executeScript(TEXTS, selector);
		return (texts != null) ? (List<String>) texts : List.of();
	}

	/**
	 * Return a value as it was before it was made readable.
	 * @param path the path of the value, such as {@code orders.placed}
	 * @return the value, empty if it is unknown or not to be seen
	 */
	String value(String path) {
		String script = """
				const found = [...document.querySelectorAll(`[data-live="${arguments[0]}"]`)]
					.find((value) => value.checkVisibility());
				return found?.dataset.value ?? "";""";
		return String.valueOf(this.browser.driver().executeScript(script, path));
	}

	long number(String path) {
		String value = value(path);
		assertThat(value).as(path).matches("[0-9]+");
		return Long.parseLong(value);
	}

	/**
	 * Return a fact about the whole page.
	 * @param name the name of the body's attribute, such as {@code data-connection}
	 * @return its value
	 */
	@Nullable String body(String name) {
		return (String) this.browser.driver().executeScript("return document.body.getAttribute(arguments[0])", name);
	}

	void awaitBody(String name, String value) {
		try {
			waiting().alias("body %s is %s".formatted(name, value)).until(() -> body(name), value::equals);
		}
		catch (ConditionTimeoutException ex) {
			throw new AssertionError(ex.getMessage() + " The state: " + state(), ex);
		}
	}

	void awaitText(String path, Predicate<String> condition) {
		waiting().alias(path).until(() -> text(path), condition);
	}

	void awaitValue(String path, String value) {
		waiting().alias("%s is %s".formatted(path, value)).until(() -> value(path), value::equals);
	}

	/**
	 * Wait until connection and orders are as they should be, and check that nothing is
	 * lost.
	 */
	void awaitHealthy() {
		awaitBody("data-connection", "UP");
		awaitBody("data-verified", "true");
		awaitBody("data-orders", "SERVING");
		assertThat(number("orders.lost")).isZero();
	}

	/**
	 * Wait until all that was asked for is done.
	 */
	void awaitIdle() {
		waiting().alias("nothing is being done").until(() -> ((Map<?, ?>) state().get("stage")).get("busy") == null);
	}

	boolean shown(String selector) {
		return !texts(selector).isEmpty();
	}

	/**
	 * Click a button that is on or off, as a user does: what lies over it is in the way.
	 * @param selector the button
	 */
	void click(String selector) {
		WebElement button = find(selector);
		this.browser.driver().executeScript("arguments[0].scrollIntoView({ block: 'center' })", button);
		button.click();
	}

	boolean pressed(String selector) {
		return "true".equals(this.browser.driver()
			.executeScript("return document.querySelector(arguments[0]).getAttribute('aria-pressed')", selector));
	}

	void awaitPressed(String selector, boolean pressed) {
		waiting().alias("%s is %s".formatted(selector, pressed ? "pressed" : "not pressed"))
			.until(() -> pressed(selector) == pressed);
	}

	boolean focused(String selector) {
		return Boolean.TRUE.equals(this.browser.driver()
			.executeScript("return document.activeElement === document.querySelector(arguments[0])", selector));
	}

	WebElement find(String selector) {
		return this.browser.driver().findElement(By.cssSelector(selector));
	}

	/**
	 * Return the state as the server tells it, to compare the page with.
	 * @return the answer of {@code /live/state}
	 */
	@SuppressWarnings("unchecked")
	Map<String, Object> state() {
		Object state = this.browser.driver()
			.executeAsyncScript(
					"const done = arguments[0]; fetch('/live/state').then((answer) => answer.json()).then(done)");
		assertThat(state).isNotNull();
		return (Map<String, Object>) state;
	}

	static ConditionFactory waiting() {
		return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).pollDelay(Duration.ZERO);
	}

	static String demonstration(String id) {
		return "button[data-demonstration='%s']".formatted(id);
	}

	static String shape(String id) {
		return "button[data-shape='%s']".formatted(id);
	}

}
