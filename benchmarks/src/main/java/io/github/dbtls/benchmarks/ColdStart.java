package io.github.dbtls.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The first connections of a JVM that has just started.
 */
final class ColdStart implements Scenario {

	static final String NAME = "cold-start";

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public String description() {
		return """
				Each turn is a new JVM with a small Spring Boot application, dbtls included whoever connects; measured \
				are its first ten connections, for dbtls securing the pool included, and not the start of JVM and \
				application. Times are per connection.""";
	}

	@Override
	public boolean takesPart(Leg.Label leg) {
		return leg.isMain() && leg.tls().equals("TLSv1.3");
	}

	@Override
	public void run(Leg leg, Rounds rounds) throws IOException {
		Path file = Files.createTempFile("cold-start", ".properties");
		try {
			leg.write(file);
			rounds.compare(NAME, "first 10 connections", 1, Meter.Scope.THREAD,
					List.of(contestant(Variant.BASE, file), contestant(PoolKind.DBTLS, file)));
		}
		finally {
			Files.delete(file);
		}
	}

	private static Contestant contestant(String name, Path leg) {
		String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
		return new Contestant(name, (meter) -> {
			Process process = Jvm.builder(java, ColdJvm.class, name, leg.toString())
				.redirectError(ProcessBuilder.Redirect.INHERIT)
				.start();
			try (BufferedReader output = new BufferedReader(
					new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
				List<String> lines = output.lines().filter((line) -> line.startsWith(ColdJvm.ANSWER)).toList();
				if (process.waitFor() != 0 || lines.size() != 1) {
					throw new IllegalStateException("The JVM failed, see the log of the run");
				}
				long[] numbers = Arrays.stream(lines.get(0).substring(ColdJvm.ANSWER.length()).split(" "))
					.mapToLong(Long::parseLong)
					.toArray();
				meter.add(numbers[0], numbers[1], numbers[2]);
				meter.count(ColdJvm.CONNECTIONS, numbers[3]);
			}
		});
	}

}
