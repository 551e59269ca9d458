package io.github.dbtls.sample.stage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.dbtls.sample.embedded.EmbeddedDatabase;
import io.github.dbtls.sample.embedded.Shape;
import io.github.dbtls.sample.journal.Journal;
import io.github.dbtls.sample.journal.Journal.Kind;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;

/**
 * Ends this application and starts it again in the same JVM, at the same HTTP port, with
 * the configuration of another shape. Database and journal are handed over.
 */
class Restart {

	private static final Log logger = LogFactory.getLog(Restart.class);

	/** How long somebody may be ahead of the end of a start. */
	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final String PROFILES = "--spring.profiles.active=";

	private static final String PORT = "--server.port=";

	private final EmbeddedDatabase database;

	private final Journal journal;

	private final AtomicBoolean begun = new AtomicBoolean();

	private volatile @Nullable ApplicationReadyEvent event;

	private final CompletableFuture<ApplicationReadyEvent> ready = new CompletableFuture<>();

	private final Duration patience;

	Restart(EmbeddedDatabase database, Journal journal) {
		this(database, journal, PATIENCE);
	}

	Restart(EmbeddedDatabase database, Journal journal, Duration patience) {
		this.database = database;
		this.patience = patience;
		this.journal = journal;
	}

	@EventListener
	void on(ApplicationReadyEvent event) {
		this.event = event;
	}

	/**
	 * That is the last that Spring Boot says of a start. To end the application any
	 * earlier would make the start fail.
	 * @param event what it says
	 */
	@EventListener
	void on(AvailabilityChangeEvent<ReadinessState> event) {
		ApplicationReadyEvent ready = this.event;
		if (ready != null && event.getState() == ReadinessState.ACCEPTING_TRAFFIC) {
			// Before another restart can begin, which would keep it again.
			this.database.keep(false);
			this.ready.complete(ready);
		}
	}

	boolean hasBegun() {
		return this.begun.get();
	}

	/**
	 * Begin as soon as this application is up, and leave the rest to a thread that keeps
	 * the JVM alive meanwhile.
	 * @param before the shape in force
	 * @param next the shape to be
	 */
	void begin(Shape before, Shape next) {
		ApplicationReadyEvent ready = awaitReady();
		if (ready != null && this.begun.compareAndSet(false, true)) {
			Thread thread = new Thread(() -> run(ready, before, next), "restart");
			thread.setDaemon(false);
			// Not that of the web server, which ends.
			thread.setContextClassLoader(getClass().getClassLoader());
			thread.start();
		}
	}

	private @Nullable ApplicationReadyEvent awaitReady() {
		try {
			return this.ready.get(this.patience.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			this.journal.record(Kind.INFO, "The application is still starting. Please try again.");
			return null;
		}
		catch (InterruptedException ex) {
			// It ends instead.
			Thread.currentThread().interrupt();
			return null;
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void run(ApplicationReadyEvent ready, Shape before, Shape next) {
		ConfigurableApplicationContext context = ready.getApplicationContext();
		List<String> arguments = arguments(ready, context.getEnvironment());
		List<String> profiles = otherProfiles(context.getEnvironment());
		SpringApplication original = ready.getSpringApplication();
		this.journal.record(Kind.ACTION,
				"The application restarts with the configuration of '%s'.".formatted(next.title()));
		this.database.keep(true);
		context.close();
		if (isJvmEnding() || start(original, arguments, profiles, next) || isJvmEnding()) {
			return;
		}
		this.journal.record(Kind.INFO,
				"It does not start with the configuration of '%s': the log says why.".formatted(next.title()));
		if (!start(original, arguments, profiles, before)) {
			this.database.close();
			System.exit(1);
		}
	}

	private boolean start(SpringApplication original, List<String> arguments, List<String> profiles, Shape shape) {
		SpringApplication application = new SpringApplication(original.getAllSources()
			.stream()
			.filter(Class.class::isInstance)
			.map(Class.class::cast)
			.toArray(Class<?>[]::new));
		application.setMainApplicationClass(original.getMainApplicationClass());
		application.setBannerMode(Banner.Mode.OFF);
		application.addInitializers(new HandOver(this.database, this.journal));
		String active = Stream.concat(profiles.stream(), Stream.of(shape.profile())).collect(Collectors.joining(","));
		try {
			application.run(Stream.concat(arguments.stream(), Stream.of(PROFILES + active)).toArray(String[]::new));
			return true;
		}
		catch (RuntimeException ex) {
			// Spring Boot has said why.
			logger.info("The application does not start with the configuration of '%s'".formatted(shape.title()));
			return false;
		}
	}

	// Its shutdown hooks stop the database then, and one more start would be in their
	// way.
	private static boolean isJvmEnding() {
		Thread hook = new Thread();
		try {
			Runtime.getRuntime().addShutdownHook(hook);
			Runtime.getRuntime().removeShutdownHook(hook);
			return false;
		}
		catch (IllegalStateException ex) {
			return true;
		}
	}

	private static List<String> arguments(ApplicationReadyEvent ready, Environment environment) {
		List<String> arguments = new ArrayList<>(Arrays.asList(ready.getArgs()));
		arguments.removeIf((argument) -> argument.startsWith(PROFILES) || argument.startsWith(PORT));
		arguments.add(PORT + environment.getProperty("local.server.port", "0"));
		return arguments;
	}

	private static List<String> otherProfiles(Environment environment) {
		// Those that are the user's own.
		List<String> ours = new ArrayList<>(List.of(Shape.MARKER));
		Arrays.stream(Shape.values()).map(Shape::profile).forEach(ours::add);
		return Arrays.stream(environment.getActiveProfiles()).filter((profile) -> !ours.contains(profile)).toList();
	}

}
