package io.github.dbtls.testkit;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import io.github.dbtls.testkit.Leak.Channel;
import org.slf4j.Marker;
import org.slf4j.helpers.MessageFormatter;

/**
 * Sees every log line of the tests at TRACE, and looks for {@link Secrets}. It is part of
 * {@code logback-test.xml}, so that it survives when an application sets logging up
 * again. Nothing more is printed for it: whoever asks whether a level is enabled is told
 * so, and what is logged then meets the levels as they are.
 */
public final class SecretsLogFilter extends TurboFilter {

	/**
	 * The test machinery, which passwords are handed to on purpose. The JDK logs what a
	 * process is started with from 25 on: only tests start any.
	 */
	private static final List<String> EXCEPTED = List.of("org.testcontainers", "com.github.dockerjava", "tc.",
			"org.junit", "java.lang.ProcessBuilder");

	@Override
	public void start() {
		super.start();
		((LoggerContext) getContext()).addListener(new LevelWatch());
		watchJavaUtilLogging();
	}

	/**
	 * Spring Boot sets java.util.logging up again as well, and leaves it without a
	 * handler when an application is closed.
	 */
	static void watchJavaUtilLogging() {
		java.util.logging.Logger root = java.util.logging.Logger.getLogger("");
		root.setLevel(java.util.logging.Level.ALL);
		Handler[] handlers = root.getHandlers();
		if (handlers.length == 1 && handlers[0].getClass() == ConsoleHandler.class) {
			root.removeHandler(handlers[0]);
			handlers = root.getHandlers();
		}
		if (handlers.length == 0) {
			root.addHandler(new JulHandler());
		}
	}

	@Override
	public FilterReply decide(Marker marker, Logger logger, Level level, String format, Object[] params, Throwable t) {
		if (isExcepted(logger.getName())) {
			return FilterReply.NEUTRAL;
		}
		if (format == null && t == null) {
			// A question, not a line.
			return FilterReply.ACCEPT;
		}
		inspect("%s at %s".formatted(logger.getName(), level), format, params, t);
		return FilterReply.NEUTRAL;
	}

	private static void inspect(String where, String format, Object[] params, Throwable thrown) {
		String text = format;
		if (params != null && params.length > 0) {
			text = MessageFormatter.arrayFormat(format, params).getMessage();
		}
		Leak.inspect(Channel.LOG, where, text);
		Throwable last = (params != null && params.length > 0 && params[params.length - 1] instanceof Throwable ex) ? ex
				: null;
		inspectThrowable(where, (thrown != null) ? thrown : last, Collections.newSetFromMap(new IdentityHashMap<>()));
	}

	private static void inspectThrowable(String where, Throwable thrown, Set<Throwable> seen) {
		if (thrown == null || !seen.add(thrown)) {
			return;
		}
		Leak.inspect(Channel.LOG, where, thrown.toString());
		inspectThrowable(where, thrown.getCause(), seen);
		for (Throwable suppressed : thrown.getSuppressed()) {
			inspectThrowable(where, suppressed, seen);
		}
	}

	private static boolean isExcepted(String logger) {
		for (String excepted : EXCEPTED) {
			if (logger.startsWith(excepted)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * The levels come after the filter, and Spring Boot hands them on to
	 * java.util.logging.
	 */
	private static final class LevelWatch implements LoggerContextListener {

		@Override
		public boolean isResetResistant() {
			return false;
		}

		@Override
		public void onStart(LoggerContext context) {
			watchJavaUtilLogging();
		}

		@Override
		public void onReset(LoggerContext context) {
		}

		@Override
		public void onStop(LoggerContext context) {
		}

		@Override
		public void onLevelChange(Logger logger, Level level) {
			watchJavaUtilLogging();
		}

	}

	/**
	 * Where no SpringApplication has led java.util.logging to Logback: it does so only if
	 * there is a single console handler, as by default, so this is one.
	 */
	private static final class JulHandler extends ConsoleHandler {

		private final SimpleFormatter formatter = new SimpleFormatter();

		private JulHandler() {
			setLevel(java.util.logging.Level.ALL);
		}

		@Override
		public void publish(LogRecord entry) {
			String logger = String.valueOf(entry.getLoggerName());
			if (!isExcepted(logger)) {
				inspect("%s at %s".formatted(logger, entry.getLevel()), this.formatter.formatMessage(entry), null,
						entry.getThrown());
			}
			if (entry.getLevel().intValue() >= java.util.logging.Level.INFO.intValue()) {
				super.publish(entry);
			}
		}

	}

}
