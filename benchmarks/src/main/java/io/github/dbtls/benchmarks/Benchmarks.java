package io.github.dbtls.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Runs all scenarios on all servers, JDKs, versions of TLS and kinds of key, and writes
 * {@code target/report.md} and {@code target/report.csv}.
 */
public final class Benchmarks {

	private static final Log logger = LogFactory.getLog(Benchmarks.class);

	private static final List<String> TLS_VERSIONS = List.of("TLSv1.3", "TLSv1.2");

	private static final Duration PATIENCE = Duration.ofMinutes(10);

	private final Options options;

	private final Path directory;

	private final Results results = new Results();

	private final List<String> remarks = new ArrayList<>();

	private int failures;

	private Benchmarks(Options options, Path directory) {
		this.options = options;
		this.directory = directory;
	}

	/**
	 * Run the benchmarks in the current directory.
	 * @param args not used
	 * @throws IOException if the current directory is not writable
	 */
	public static void main(String[] args) throws IOException {
		Path target = Path.of("target").toAbsolutePath();
		Path directory = Files.createDirectories(target.resolve("benchmarks"));
		int status = 1;
		try {
			Benchmarks benchmarks = new Benchmarks(Options.read(), directory);
			benchmarks.run(target);
			status = benchmarks.failures;
		}
		catch (IllegalArgumentException ex) {
			say(String.valueOf(ex.getMessage()));
		}
		catch (Exception ex) {
			logger.error("The benchmarks failed", ex);
		}
		// Drivers and Testcontainers have threads that do not end.
		System.exit(Math.min(status, 1));
	}

	private void run(Path target) throws Exception {
		boolean writesDocs = DocsPage.isWanted(this.options);
		List<Jdk> jdks = jdks();
		try (Servers servers = new Servers(this.directory)) {
			say("starting servers");
			servers.start(serverNames());
			List<Run> runs = runs(servers.servers(), jdks);
			long start = System.nanoTime();
			for (int i = 0; i < runs.size(); i++) {
				Run run = runs.get(i);
				say("%d of %d%s: %s, %s".formatted(i + 1, runs.size(), remaining(start, i, runs.size()),
						run.scenario().name(), run.leg().label()));
				measure(run, i);
			}
			Report report = new Report(this.results, Environment.of(jdks, servers.versions()), this.options,
					this.remarks, Duration.ofNanos(System.nanoTime() - start));
			String markdown = report.markdown();
			Files.writeString(target.resolve("report.md"), markdown);
			this.results.write(target.resolve("report.csv"));
			say("the report is target/report.md");
			if (writesDocs) {
				DocsPage.standard().write(markdown);
				say("and in docs/performance.md");
			}
		}
	}

	private List<Jdk> jdks() {
		List<Jdk> jdks = new ArrayList<>();
		for (int feature : Jdk.FEATURES) {
			Jdk.find(feature)
				.ifPresentOrElse(jdks::add,
						() -> remark("No JDK %d on this machine: set JAVA%d_HOME.".formatted(feature, feature)));
		}
		if (jdks.isEmpty()) {
			throw new IllegalStateException("None of the JDKs %s is here".formatted(Jdk.FEATURES));
		}
		return jdks;
	}

	private List<String> serverNames() {
		if (!this.options.servers().isEmpty()) {
			return this.options.servers();
		}
		if (Servers.isDockerAvailable()) {
			return List.of("mysql", "tidb");
		}
		remark("No Docker: measured on the embedded MariaDB, which resumes TLS 1.2 only.");
		return List.of("mariadb");
	}

	private List<Run> runs(List<Server> servers, List<Jdk> jdks) {
		List<Run> runs = new ArrayList<>();
		for (Scenario scenario : this.options.scenarios()) {
			for (Server server : servers) {
				for (String tls : TLS_VERSIONS) {
					for (Jdk jdk : jdks) {
						Leg leg = new Leg(jdk.feature(), tls, server);
						if (scenario.takesPart(leg.label())) {
							runs.add(new Run(scenario, leg, jdk));
						}
					}
				}
			}
		}
		return runs;
	}

	private void measure(Run run, int number) throws IOException, InterruptedException {
		Path leg = this.directory.resolve("leg-%d.properties".formatted(number));
		Path output = this.directory.resolve("results-%d.csv".formatted(number));
		Files.deleteIfExists(output);
		run.leg().write(leg);
		Process process = Jvm
			.builder(run.jdk().java(), Child.class, run.scenario().name(), leg.toString(),
					Integer.toString(this.options.rounds()), Long.toString(this.options.turn()), output.toString())
			.inheritIO()
			.start();
		boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		process.destroyForcibly();
		Files.delete(leg);
		if (!ended || process.exitValue() != 0 || !Files.exists(output)) {
			this.failures++;
			remark("%s, %s: %s, see the log of the run.".formatted(run.scenario().name(), run.leg().label(),
					ended ? "failed with status " + process.exitValue() : "not over in time"));
			return;
		}
		this.results.addAll(Results.read(output));
	}

	private static String remaining(long start, int done, int all) {
		if (done == 0) {
			return "";
		}
		Duration remaining = Duration.ofNanos((System.nanoTime() - start) / done * (all - done));
		return ", about %d min %02d s to go".formatted(remaining.toMinutes(), remaining.toSecondsPart());
	}

	private void remark(String text) {
		this.remarks.add(text);
		say(text);
	}

	private static void say(String text) {
		System.out.println("benchmarks: " + text);
	}

	private record Run(Scenario scenario, Leg leg, Jdk jdk) {

	}

}
