package io.github.dbtls.testkit;

import java.util.List;
import java.util.UUID;
import java.util.logging.Level;

import io.github.dbtls.testkit.Leak.Channel;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link SecretsExtension}, which is on this class as on any other: what is
 * planted here is found, and taken away before it fails the test.
 */
class SecretsExtensionTests {

	private static final String PLANTED = Secrets.password("planted-" + UUID.randomUUID());

	private static final Logger logger = LoggerFactory.getLogger("org.example.Planted");

	@AfterAll
	static void takeExceptionsAway() {
		SecretsExtension.catchUpWithExceptions();
		planted();
	}

	@AfterEach
	void takeAway() {
		planted();
	}

	@Test
	void logLineAtTraceIsSeen() {
		logger.trace("user={} password={}", "app", PLANTED);
		assertLeak(Channel.LOG, "org.example.Planted at TRACE", "user=app password=******");
	}

	@Test
	void logLineThatIsAskedForFirstIsSeen() {
		Log log = LogFactory.getLog("org.example.Planted");
		if (log.isTraceEnabled()) {
			log.trace("the password is " + PLANTED);
		}
		assertLeak(Channel.LOG, "org.example.Planted at TRACE", "the password is ******");
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void logLineAtTraceIsNotPrinted(CapturedOutput output) {
		logger.trace("not for the console");
		logger.info("for the console");
		assertThat(output).contains("for the console").doesNotContain("not for the console");
	}

	@Test
	void logLineOfJavaUtilLoggingIsSeen() {
		java.util.logging.Logger.getLogger("org.example.Jul").log(Level.FINEST, "password {0}", PLANTED);
		assertThat(planted()).extracting(Leak::toString)
			.anySatisfy((leak) -> assertThat(leak).contains("org.example.Jul at", "password ******"));
	}

	@Test
	void logLinesAreSeenAfterAnApplicationHasSetLoggingUp() {
		SpringApplication application = new SpringApplication(Object.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		try (ConfigurableApplicationContext context = application.run()) {
			assertThat(planted()).isEmpty();
			logger.trace(PLANTED);
			assertLeak(Channel.LOG, "org.example.Planted at TRACE", "******");
			java.util.logging.Logger.getLogger("org.example.Jul").finest(PLANTED);
			assertThat(planted()).isNotEmpty();
		}
		logger.trace(PLANTED);
		assertLeak(Channel.LOG, "org.example.Planted at TRACE", "******");
		// What is before each test.
		SecretsLogFilter.watchJavaUtilLogging();
		java.util.logging.Logger.getLogger("org.example.Jul").finest(PLANTED);
		assertThat(planted()).isNotEmpty();
	}

	@Test
	void causeOfALoggedExceptionIsSeen() {
		Exception suppressed = new Exception("outer");
		suppressed.addSuppressed(new Exception("inner", new RuntimeException(PLANTED)));
		logger.debug("failed", suppressed);
		assertThat(planted()).extracting(Leak::channel, Leak::origin)
			.contains(tuple(Channel.LOG, "org.example.Planted at DEBUG"));
	}

	@Test
	void toStringOfWhatIsLoggedIsSeen() {
		record Settings(String password) {

		}
		logger.debug("read {}", new Settings(PLANTED));
		assertLeak(Channel.LOG, "org.example.Planted at DEBUG", "read Settings[password=******]");
	}

	@Test
	void standardOutputIsSeen() {
		System.out.println("out " + PLANTED);
		assertLeak(Channel.OUTPUT, "System.out", "out ******");
		System.err.println("err " + PLANTED);
		assertLeak(Channel.OUTPUT, "System.err", "err ******");
	}

	@Test
	void exceptionThatNobodySeesIsSeen() {
		for (int i = 0; i < 500; i++) {
			// Where the recorder leaves some out, it is when there are many.
			new IllegalArgumentException("harmless " + i);
		}
		new IllegalStateException("caught: " + PLANTED);
		SecretsExtension.catchUpWithExceptions();
		assertThat(planted()).contains(new Leak(Channel.EXCEPTION, "java.lang.IllegalStateException",
				"password 'pla…' in: caught: ******", "SecretsExtensionTests.exceptionThatNobodySeesIsSeen"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.testcontainers.DockerClientFactory", "com.github.dockerjava.X", "tc.mysql:9.7",
			"java.lang.ProcessBuilder" })
	void machineryOfTheTestsIsExcepted(String name) {
		LoggerFactory.getLogger(name).debug("MYSQL_PASSWORD={}", PLANTED);
		assertThat(planted()).isEmpty();
	}

	@Test
	void testFailsAndSaysWhereWithoutTheSecret() {
		logger.debug("password={}", PLANTED);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> new SecretsExtension().afterEach(null))
			.withMessageContaining("\n  LOG of org.example.Planted at DEBUG during "
					+ "SecretsExtensionTests.testFailsAndSaysWhereWithoutTheSecret: password 'pla…' in: "
					+ "password=******");
	}

	private static void assertLeak(Channel channel, String origin, String text) {
		assertThat(planted()).filteredOn((leak) -> leak.channel() == channel)
			.extracting(Leak::origin, Leak::text)
			.containsExactly(tuple(origin, "password 'pla…' in: " + text));
	}

	/**
	 * Take away what was planted here, and nothing else: that is to fail this test.
	 */
	private static List<Leak> planted() {
		return Leak.drain((leak) -> leak.text().startsWith("password 'pla…'"));
	}

}
