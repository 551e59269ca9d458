package io.github.dbtls.sample.stage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Ends this application and starts it again in the same JVM, at the same HTTP port, with
 * the configuration of another shape. Database and journal are handed over.
 */
class Restart implements ApplicationListener<ApplicationStartedEvent> {

	private static final Log logger = LogFactory.getLog(Restart.class);

	private static final String PROFILES = "--spring.profiles.active=";

	private static final String PORT = "--server.port=";

	private final EmbeddedDatabase database;

	private final Journal journal;

	private final AtomicBoolean begun = new AtomicBoolean();

	private volatile @Nullable ApplicationStartedEvent started;

	Restart(EmbeddedDatabase database, Journal journal) {
		this.database = database;
		this.journal = journal;
	}

	@Override
	public void onApplicationEvent(ApplicationStartedEvent event) {
		this.started = event;
	}

	boolean hasBegun() {
		return this.begun.get();
	}

	/**
	 * Begin, and leave the rest to a thread that keeps the JVM alive meanwhile.
	 * @param before the shape in force
	 * @param next the shape to be
	 */
	void begin(Shape before, Shape next) {
		ApplicationStartedEvent started = this.started;
		if (started == null) {
			this.journal.record(Kind.INFO, "The application is still starting. Please try again.");
			return;
		}
		if (this.begun.compareAndSet(false, true)) {
			Thread thread = new Thread(() -> run(started, before, next), "restart");
			thread.setDaemon(false);
			thread.start();
		}
	}

	private void run(ApplicationStartedEvent started, Shape before, Shape next) {
		ConfigurableApplicationContext context = started.getApplicationContext();
		List<String> arguments = arguments(started, context.getEnvironment());
		List<String> profiles = otherProfiles(context.getEnvironment());
		SpringApplication original = started.getSpringApplication();
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
			this.database.keep(false);
			return true;
		}
		catch (RuntimeException ex) {
			// Spring Boot has said why.
			logger.info("The application does not start with the configuration of '%s'".formatted(shape.title()));
			return false;
		}
	}

	// Its shutdown hooks stop the database then, and an application that starts would
	// only
	// be in their way.
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

	private static List<String> arguments(ApplicationStartedEvent started, Environment environment) {
		List<String> arguments = new ArrayList<>(Arrays.asList(started.getArgs()));
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
