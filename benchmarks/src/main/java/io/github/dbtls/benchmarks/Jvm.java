package io.github.dbtls.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * Starts JVMs with the class path of this one.
 */
final class Jvm {

	private Jvm() {
	}

	static ProcessBuilder builder(String java, Class<?> main, String... arguments) {
		List<String> command = new ArrayList<>();
		command.add(java);
		// A pool that lost its connections notices at the next borrowing.
		command.add("-Dcom.zaxxer.hikari.aliveBypassWindowMs=0");
		command.add("-cp");
		command.add(System.getProperty("java.class.path"));
		command.add(main.getName());
		command.addAll(List.of(arguments));
		return new ProcessBuilder(command);
	}

}
