package io.github.dbtls.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
		return new Contestant(name, (meter) -> {
			long[] numbers = Jvm.ask(System.getProperty("java.class.path"), ColdJvm.class, name, leg.toString());
			meter.add(numbers[0], numbers[1], numbers[2]);
			meter.count(ColdJvm.CONNECTIONS, numbers[3]);
		});
	}

}
