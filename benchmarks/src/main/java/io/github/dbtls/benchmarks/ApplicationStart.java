package io.github.dbtls.benchmarks;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.github.dbtls.autoconfigure.DbTlsAutoConfiguration;
import io.github.dbtls.benchmarks.StartingApplication.Kind;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * What dbtls adds to the start of an application.
 */
final class ApplicationStart implements Scenario {

	static final String NAME = "application-start";

	static final String COLD = "one start in each JVM";

	static final String WITHOUT = "without dbtls, no TLS settings";

	static final String STOCK = "without dbtls, TLS settings of the driver";

	static final String DBTLS = "dbtls";

	private static final String AUTO_CONFIGURATIONS = "io.github.dbtls.autoconfigure.DbTlsAutoConfiguration,"
			+ "io.github.dbtls.autoconfigure.DbTlsHealthContributorAutoConfiguration";

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public String description() {
		return """
				`SpringApplication.run` of a small application with a pool and Actuator, no web server, nothing that \
				connects. First in a JVM of its own each time, as users have it, where CPU time is that of the \
				process (the JIT compiler included) and memory that of the main thread; applications without dbtls \
				do not have it on the class path. Then many times in one JVM, where CPU time and memory are those of \
				the main thread and dbtls is excluded by `spring.autoconfigure.exclude`.""";
	}

	@Override
	public boolean takesPart(Leg.Label leg) {
		return leg.isMain() && leg.tls().equals("TLSv1.3");
	}

	@Override
	public void run(Leg leg, Rounds rounds) throws IOException {
		Path file = Files.createTempFile("application-start", ".properties");
		try {
			leg.write(file);
			rounds.compare(NAME, COLD, 1, Meter.Scope.THREAD, List.of(cold(WITHOUT, Kind.NO_TLS, file),
					cold(STOCK, Kind.STOCK, file), cold(DBTLS, Kind.DBTLS, file)));
		}
		finally {
			Files.delete(file);
		}
		rounds.compare(NAME, "many starts in one JVM", 1, Meter.Scope.THREAD,
				List.of(warm(WITHOUT, Kind.NO_TLS, leg), warm(STOCK, Kind.STOCK, leg), warm(DBTLS, Kind.DBTLS, leg)));
	}

	private static Contestant cold(String name, Kind kind, Path leg) {
		return new Contestant(name, (meter) -> {
			long[] numbers = start(kind, leg);
			meter.add(numbers[0], numbers[1], numbers[2]);
			meter.count(1, 0);
		});
	}

	private static long[] start(Kind kind, Path leg) throws IOException, InterruptedException {
		String classPath = System.getProperty("java.class.path");
		return Jvm.ask((kind == Kind.DBTLS) ? classPath : withoutDbTls(classPath), StartingApplication.class,
				kind.name(), leg.toString());
	}

	private static String withoutDbTls(String classPath) {
		try {
			Path dbTls = Path
				.of(DbTlsAutoConfiguration.class.getProtectionDomain().getCodeSource().getLocation().toURI());
			String without = Arrays.stream(classPath.split(File.pathSeparator))
				.filter((entry) -> !Path.of(entry).toAbsolutePath().equals(dbTls))
				.collect(Collectors.joining(File.pathSeparator));
			if (without.equals(classPath)) {
				throw new IllegalStateException("dbtls is not on the class path");
			}
			return without;
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException("dbtls comes from nowhere", ex);
		}
	}

	private static Contestant warm(String name, Kind kind, Leg leg) {
		Map<String, String> more = (kind == Kind.DBTLS) ? Map.of("logging.level.root", "error")
				: Map.of("logging.level.root", "error", "spring.autoconfigure.exclude", AUTO_CONFIGURATIONS);
		return new Contestant(name, (meter) -> {
			meter.start();
			try (ConfigurableApplicationContext context = StartingApplication.start(kind, leg, more)) {
				meter.stop();
				meter.count(1, 0);
				StartingApplication.require(kind, context);
			}
		});
	}

}
