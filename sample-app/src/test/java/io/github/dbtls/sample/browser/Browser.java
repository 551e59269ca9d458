package io.github.dbtls.sample.browser;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.FileImageOutputStream;
import javax.imageio.stream.ImageOutputStream;

import org.jspecify.annotations.Nullable;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A browser that nobody sees, with a profile of its own and no network but this machine.
 * Browser and driver are those of the machine: nothing is downloaded.
 */
final class Browser implements AutoCloseable {

	/**
	 * What says that there are no classes for this browser's own protocol, which is used
	 * without them.
	 */
	private static final List<Logger> NOISE = Stream
		.of("org.openqa.selenium.devtools.CdpVersionFinder", "org.openqa.selenium.chromium.ChromiumDriver")
		.map(Logger::getLogger)
		.toList();

	private static final List<String> BROWSERS = List.of("chromium", "google-chrome", "chromium-browser");

	private final Path home;

	private final ChromeDriver driver;

	private final List<ProcessHandle> processes = new ArrayList<>();

	private int width;

	private int height;

	private Browser(Path home, ChromeDriver driver) {
		this.home = home;
		this.driver = driver;
	}

	/**
	 * Say what lacks for a browser.
	 * @return what lacks, or nothing if there is all that it takes
	 */
	static Optional<String> missing() {
		if (browser().isEmpty()) {
			return Optional.of("no " + String.join(", ", BROWSERS) + " is in PATH");
		}
		return driverExecutable().isEmpty() ? Optional.of("no chromedriver is in PATH") : Optional.empty();
	}

	/**
	 * Start it.
	 * @return the browser, to be closed
	 */
	static Browser start() {
		NOISE.forEach((logger) -> logger.setLevel(Level.SEVERE));
		try {
			Path home = Files.createTempDirectory("dbtls-browser");
			ChromeOptions options = new ChromeOptions();
			options.setBinary(browser().orElseThrow());
			options.addArguments("--headless=new", "--user-data-dir=" + home.resolve("profile"), "--no-first-run",
					"--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
					"--disable-component-update", "--disable-default-apps", "--disable-extensions", "--disable-sync",
					"--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--lang=en",
					"--force-color-profile=srgb", "--hide-scrollbars");
			// Chromium's own sandbox cannot be had by root, as which containers run.
			if ("root".equals(System.getProperty("user.name"))) {
				options.addArguments("--no-sandbox");
			}
			LoggingPreferences logs = new LoggingPreferences();
			logs.enable(LogType.BROWSER, Level.ALL);
			logs.enable(LogType.PERFORMANCE, Level.ALL);
			options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
			ChromeDriverService service = new ChromeDriverService.Builder()
				.usingDriverExecutable(driverExecutable().orElseThrow())
				.usingAnyFreePort()
				.withEnvironment(Map.of("HOME", home.toString(), "TZ", "UTC", "PATH", System.getenv("PATH")))
				.withLogFile(home.resolve("driver.log").toFile())
				.build();
			Browser browser = new Browser(home, new ChromeDriver(service, options));
			browser.driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(60));
			browser.driver.manage().timeouts().pageLoadTimeout(Duration.ofSeconds(60));
			browser.processes.addAll(browser.running());
			return browser;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	ChromeDriver driver() {
		return this.driver;
	}

	/**
	 * Run a script of the test resources in the page.
	 * @param name its name
	 * @param arguments what it takes
	 * @return what it returns
	 */
	@Nullable Object run(String name, Object... arguments) {
		return this.driver.executeScript(resource("/browser/" + name), arguments);
	}

	/**
	 * Read a text of the class path.
	 * @param name its absolute name
	 * @return the text
	 */
	static String resource(String name) {
		try (InputStream stream = Browser.class.getResourceAsStream(name)) {
			assertThat(stream).as(name).isNotNull();
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Make the window as wide as a device, in the colours that its user prefers.
	 * @param width its width in pixels
	 * @param height its height
	 * @param colours {@code light} or {@code dark}
	 */
	void show(int width, int height, String colours) {
		this.width = width;
		this.height = height;
		resize(width, height);
		// Nothing that moves: a screenshot is of one moment.
		this.driver.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colours),
						Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
	}

	private void resize(int width, int height) {
		this.driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
	}

	/**
	 * Take a picture of the whole page, however long it is.
	 * @param file where it goes
	 */
	void picture(Path file) {
		Map<?, ?> size = (Map<?, ?>) this.driver.executeCdpCommand("Page.getLayoutMetrics", Map.of())
			.get("cssContentSize");
		int width = ((Number) size.get("width")).intValue();
		int height = ((Number) size.get("height")).intValue();
		// What sticks to the lower edge of the window is at the end of the page then, and
		// not in its middle.
		resize(width, height);
		try {
			Files.write(empty(file), capture(width, height));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		resize(this.width, this.height);
	}

	/**
	 * Take a picture of the upper part of the page, as small a file as can be.
	 * @param file where it goes
	 * @param width its width
	 * @param height its height
	 */
	void smallPicture(Path file, int width, int height) {
		ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
		try (ImageOutputStream stream = new FileImageOutputStream(empty(file).toFile())) {
			BufferedImage picture = ImageIO.read(new ByteArrayInputStream(capture(width, height)));
			BufferedImage opaque = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
			opaque.createGraphics().drawImage(picture, 0, 0, null);
			ImageWriteParam most = writer.getDefaultWriteParam();
			most.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
			most.setCompressionQuality(0);
			writer.setOutput(stream);
			writer.write(null, new IIOImage(opaque, null, null), most);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			writer.dispose();
		}
	}

	private byte[] capture(int width, int height) {
		Map<String, Object> picture = this.driver.executeCdpCommand("Page.captureScreenshot",
				Map.of("format", "png", "captureBeyondViewport", true, "clip",
						Map.of("x", 0, "y", 0, "width", width, "height", height, "scale", 1)));
		return Base64.getDecoder().decode((String) picture.get("data"));
	}

	private static Path empty(Path file) throws IOException {
		Files.createDirectories(file.getParent());
		Files.deleteIfExists(file);
		return file;
	}

	/**
	 * Return what the browser has written to its console since the last time.
	 * @return warnings and errors
	 */
	List<LogEntry> console() {
		return this.driver.manage()
			.logs()
			.get(LogType.BROWSER)
			.getAll()
			.stream()
			.filter((entry) -> entry.getLevel().intValue() >= Level.WARNING.intValue())
			.toList();
	}

	/**
	 * Return where requests went to since the last time, but for what is in the browser
	 * or the page itself.
	 * @return the addresses
	 */
	Set<String> requests() {
		Set<String> requests = new TreeSet<>();
		for (LogEntry entry : this.driver.manage().logs().get(LogType.PERFORMANCE)) {
			JsonNode message = JsonMapper.shared().readTree(entry.getMessage()).at("/message");
			String method = message.at("/method").asString();
			if (method.equals("Network.requestWillBeSent")) {
				requests.add(message.at("/params/request/url").asString());
			}
			else if (method.equals("Network.webSocketCreated")) {
				requests.add(message.at("/params/url").asString());
			}
		}
		requests.removeIf((request) -> request.startsWith("chrome:") || request.startsWith("data:"));
		return requests;
	}

	@Override
	public void close() throws IOException {
		try {
			this.driver.quit();
			await("end of the browser").atMost(Duration.ofSeconds(20))
				.until(() -> this.processes.stream().noneMatch(ProcessHandle::isAlive) && running().isEmpty());
		}
		finally {
			Stream.concat(this.processes.stream(), running().stream()).forEach(ProcessHandle::destroyForcibly);
			FileSystemUtils.deleteRecursively(this.home);
		}
	}

	/**
	 * Return the processes of this very browser and its driver: some are nobody's child.
	 */
	private List<ProcessHandle> running() {
		return ProcessHandle.allProcesses()
			.filter((process) -> process.info()
				.commandLine()
				.filter((command) -> command.contains(this.home.toString()))
				.isPresent())
			.toList();
	}

	private static Optional<File> browser() {
		return BROWSERS.stream().flatMap((name) -> inPath(name).stream()).findFirst();
	}

	private static Optional<File> driverExecutable() {
		return inPath("chromedriver");
	}

	private static Optional<File> inPath(String name) {
		return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
			.flatMap((directory) -> Stream.of(new File(directory, name), new File(directory, name + ".exe")))
			.filter((file) -> file.isFile() && file.canExecute())
			.findFirst();
	}

}
