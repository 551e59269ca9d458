package io.github.dbtls.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Starts JVMs with the class path of this one.
 */
final class Jvm {

	/** How the line begins that a JVM says its numbers in. */
	private static final String ANSWER = "MEASURED ";

	private Jvm() {
	}

	static ProcessBuilder builder(String java, Class<?> main, String... arguments) {
		return builder(java, System.getProperty("java.class.path"), main, arguments);
	}

	private static ProcessBuilder builder(String java, String classPath, Class<?> main, String... arguments) {
		List<String> command = new ArrayList<>();
		command.add(java);
		// A pool that lost its connections notices at the next borrowing.
		command.add("-Dcom.zaxxer.hikari.aliveBypassWindowMs=0");
		command.add("-cp");
		command.add(classPath);
		command.add(main.getName());
		command.addAll(List.of(arguments));
		return new ProcessBuilder(command);
	}

	/**
	 * Run a class in a JVM of the same kind until it ends.
	 * @param classPath where its classes are
	 * @param main the class
	 * @param arguments its arguments
	 * @return what it passed to {@link #answer(long...)}
	 * @throws IOException if the JVM cannot be started
	 * @throws InterruptedException if this thread is interrupted
	 */
	static long[] ask(String classPath, Class<?> main, String... arguments) throws IOException, InterruptedException {
		String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
		Process process = builder(java, classPath, main, arguments).redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		try (BufferedReader output = new BufferedReader(
				new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
			List<String> lines = output.lines().filter((line) -> line.startsWith(ANSWER)).toList();
			if (process.waitFor() != 0 || lines.size() != 1) {
				throw new IllegalStateException(main.getSimpleName() + " failed, see the log of the run");
			}
			return Arrays.stream(lines.get(0).substring(ANSWER.length()).split(" "))
				.mapToLong(Long::parseLong)
				.toArray();
		}
	}

	static void answer(long... numbers) {
		System.out
			.println(ANSWER + String.join(" ", LongStream.of(numbers).mapToObj(Long::toString).toArray(String[]::new)));
	}

}
