package io.github.dbtls.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

import io.github.dbtls.testkit.Leak.Channel;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails the test in which one of the {@link Secrets} came out: in a log line of any level
 * ({@link SecretsLogFilter}), on standard output, or in an exception
 * ({@link ThrownExceptions}). It is active in each test of this module, without being
 * named there. Exceptions are known a second later, so that it may be a later test that
 * fails for them, or the whole run at its end.
 */
public final class SecretsExtension
		implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

	private static final Namespace NAMESPACE = Namespace.create(SecretsExtension.class);

	private static volatile Watch watch;

	@Override
	public void beforeAll(ExtensionContext context) {
		RunningTests.start(name(context));
		watch = context.getRoot().getStore(NAMESPACE).computeIfAbsent(Watch.class, (key) -> new Watch(), Watch.class);
	}

	@Override
	public void beforeEach(ExtensionContext context) {
		SecretsLogFilter.watchJavaUtilLogging();
		RunningTests.start(name(context));
	}

	private static String name(ExtensionContext context) {
		return context.getTestClass().map(Class::getSimpleName).orElse("")
				+ context.getTestMethod().map((method) -> "." + method.getName()).orElse("");
	}

	@Override
	public void afterEach(ExtensionContext context) {
		failIfLeaked();
	}

	@Override
	public void afterAll(ExtensionContext context) {
		failIfLeaked();
	}

	private static void failIfLeaked() {
		List<Leak> leaks = Leak.drain((leak) -> true);
		if (!leaks.isEmpty()) {
			throw new AssertionError(leaks.stream()
				.map(Leak::toString)
				.distinct()
				.collect(Collectors.joining("\n  ", "Secrets came out:\n  ", "")));
		}
	}

	/**
	 * Wait until each exception so far has been looked at, so that the test at hand fails
	 * for its own.
	 */
	public static void catchUpWithExceptions() {
		watch.exceptions.catchUp();
	}

	/**
	 * What lasts as long as the run.
	 */
	private static final class Watch implements AutoCloseable {

		private final ThrownExceptions exceptions = new ThrownExceptions();

		private final PrintStream out = System.out;

		private final PrintStream err = System.err;

		private Watch() {
			System.setOut(new PrintStream(new Lines(this.out, "System.out"), true, StandardCharsets.UTF_8));
			System.setErr(new PrintStream(new Lines(this.err, "System.err"), true, StandardCharsets.UTF_8));
		}

		@Override
		public void close() {
			System.setOut(this.out);
			System.setErr(this.err);
			this.exceptions.catchUp();
			this.exceptions.close();
			failIfLeaked();
		}

	}

	/**
	 * Passes everything on, and looks at each line.
	 */
	private static final class Lines extends OutputStream {

		private final PrintStream target;

		private final String name;

		private final ByteArrayOutputStream line = new ByteArrayOutputStream();

		private Lines(PrintStream target, String name) {
			this.target = target;
			this.name = name;
		}

		@Override
		public synchronized void write(int b) {
			this.target.write(b);
			collect((byte) b);
		}

		@Override
		public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
			this.target.write(bytes, offset, length);
			for (int i = offset; i < offset + length; i++) {
				collect(bytes[i]);
			}
		}

		private void collect(byte b) {
			this.line.write(b);
			if (b == '\n') {
				inspect();
			}
		}

		private void inspect() {
			Leak.inspect(Channel.OUTPUT, this.name, this.line.toString(StandardCharsets.UTF_8));
			this.line.reset();
		}

		@Override
		public void flush() {
			this.target.flush();
		}

	}

}
