package io.github.dbtls.integration;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.management.JMException;
import javax.management.ObjectName;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.autoconfigure.DbTlsAutoConfiguration;
import io.github.dbtls.autoconfigure.DbTlsHealthContributorAutoConfiguration;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.TestCertificates;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rotates the certificates of one server and the trust of an application that uses it,
 * again and again, in cycles of five: a new leaf, a new authority beside the old one, a
 * leaf of the new one, the old one taken away, the file broken and mended. The server is
 * restarted once.
 */
final class Rotation {

	/**
	 * What was there before: Boot's logging system, and a soft cache of its conditions,
	 * keep the environments of web applications that other tests closed, and with them
	 * all of these applications.
	 */
	static final int EARLIER = tlsContexts();

	private static final Log logger = LogFactory.getLog(Rotation.class);

	/** Five rotations each. */
	private static final int CYCLES = 4;

	private static final Duration BOUND = Duration.ofSeconds(30);

	private static final int POOL_SIZE = RotationLoad.THREADS + 2;

	private final String name;

	private final Path file;

	private final Path scratch;

	private final Duration soak = Duration.parse(System.getProperty("soak", "PT0S"));

	private Authority authority = TestCertificates.authority("CN=Authority 1");

	private int authorities = 1;

	private int rotations;

	private AssertableApplicationContext context;

	private RotatedServer server;

	private RotationLoad load;

	Rotation(String name, Path directory) {
		this.name = name;
		Path own = directory.resolve(name.replaceAll("\\W", "-"));
		this.file = this.authority.writeTo(own);
		this.scratch = own.resolve("ca.pem.new");
	}

	void run(Function<Identity, RotatedServer> start) {
		try (RotatedServer started = start.apply(leaf())) {
			this.server = started;
			createTable();
			new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
						DbTlsAutoConfiguration.class, DbTlsHealthContributorAutoConfiguration.class))
				.withPropertyValues("dbtls.provider=mysql", "dbtls.ca-path=" + this.file, "dbtls.reload-interval=1s",
						"spring.datasource.url=" + started.jdbcUrl(), "spring.datasource.username=" + started.user(),
						"spring.datasource.password=" + started.password(),
						"spring.datasource.hikari.pool-name=" + this.name,
						"spring.datasource.hikari.maximum-pool-size=" + POOL_SIZE,
						"spring.datasource.hikari.connection-timeout=30000")
				.run(this::underLoad);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void underLoad(AssertableApplicationContext context) throws Exception {
		assertThat(context).hasNotFailed();
		this.context = context;
		long start = System.nanoTime();
		long heap = 0;
		try (RotationLoad running = new RotationLoad(pool(), this.name)) {
			this.load = running;
			running.awaitTransactions(RotationLoad.THREADS);
			for (int cycle = 0; cycle < CYCLES || System.nanoTime() - start < this.soak.toNanos(); cycle++) {
				cycle(cycle);
				if (cycle == 0) {
					heap = heapAfterCollection();
				}
				if (cycle == 1) {
					running.explain(this::restart);
					rotated();
				}
			}
			running.assertNoFailure();
			assertThat(running.longestAfterRemoval()).isLessThan(BOUND);
			assertLevel(heap);
			logger.info("%s: %d rotations, %d transactions, longest use after removal %s, in %s".formatted(this.name,
					this.rotations, running.transactions(), running.longestAfterRemoval(),
					Duration.ofNanos(System.nanoTime() - start)));
		}
		assertThat(this.rotations).isGreaterThanOrEqualTo(5 * CYCLES);
		this.load.assertNoFailure();
	}

	private void cycle(int cycle) throws Exception {
		this.server.use(leaf(), this.authority);
		// Else connections live for minutes, and none would see the new certificate.
		renewConnections();
		rotated();
		Authority old = this.authority;
		this.authorities++;
		this.authority = TestCertificates.authority("CN=Authority " + this.authorities);
		int generation = generation();
		write(cycle, old.pem() + this.authority.pem());
		await(() -> generation() == generation + 1, "generation with both authorities");
		rotated();
		this.server.use(leaf(), this.authority);
		if (cycle % 2 == 0) {
			renewConnections();
		}
		// Else most connections are still those that only the old authority vouches for.
		rotated();
		write(cycle, this.authority.pem());
		await(() -> generation() == generation + 2, "generation without the old authority");
		this.load.removed(old.certificate());
		await(() -> !trust().containsKey("outdatedConnections"), "outdated connections to end");
		rotated();
		breakAndMend(cycle);
		rotated();
	}

	private void rotated() throws Exception {
		this.rotations++;
		this.load.awaitTransactions(RotationLoad.THREADS);
		this.load.assertNoFailure();
	}

	private void breakAndMend(int cycle) throws IOException, InterruptedException {
		int generation = generation();
		String whole = Files.readString(this.file);
		Files.writeString(this.file, whole.substring(0, whole.length() / 2));
		if (cycle == 0) {
			await(() -> trust().containsKey("lastError"), "the fault");
		}
		else {
			Thread.sleep(700);
		}
		renewConnections();
		this.load.awaitTransactions(RotationLoad.THREADS);
		Files.writeString(this.file, whole);
		await(() -> !trust().containsKey("lastError"), "the fault to end");
		assertThat(generation()).isEqualTo(generation);
	}

	private void write(int cycle, String pem) throws IOException {
		if (cycle % 2 == 0) {
			Files.writeString(this.file, pem);
		}
		else {
			Files.writeString(this.scratch, pem);
			Files.move(this.scratch, this.file, StandardCopyOption.REPLACE_EXISTING);
		}
	}

	private void restart() throws Exception {
		this.server.restart();
		createTable();
	}

	private void createTable() throws SQLException {
		this.server.execute("CREATE TABLE IF NOT EXISTS rotation (id INT PRIMARY KEY, n BIGINT NOT NULL)");
	}

	private Identity leaf() {
		return this.authority.server("localhost", "127.0.0.1");
	}

	private void renewConnections() {
		pool().getHikariPoolMXBean().softEvictConnections();
	}

	private void assertLevel(long heap) throws SQLException {
		await(() -> pool().getHikariPoolMXBean().getTotalConnections() <= POOL_SIZE, "connections");
		// What the server sees, the administrator's own connection included.
		assertThat(connectionsOfTheServer()).isLessThanOrEqualTo(POOL_SIZE + 3);
		assertThat(threads(this.name)).hasSizeLessThanOrEqualTo(4);
		// One keeps the times, one may be reading a file just now.
		assertThat(threads("dbtls-reload")).hasSizeLessThanOrEqualTo(6);
		await(() -> tlsContexts() <= EARLIER + 3, "earlier contexts to be collected");
		assertThat(heapAfterCollection()).isLessThan(heap + 64 * 1024 * 1024);
	}

	private int connectionsOfTheServer() throws SQLException {
		try (Connection connection = this.server.connect();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("SHOW PROCESSLIST")) {
			int count = 0;
			while (rows.next()) {
				count++;
			}
			return count;
		}
	}

	private HikariDataSource pool() {
		return this.context.getBean(HikariDataSource.class);
	}

	private int generation() {
		return (int) trust().get("generation");
	}

	@SuppressWarnings("unchecked")
	private Map<String, Object> trust() {
		Health health = this.context.getBean("dbtlsHealthContributor", HealthIndicator.class).health();
		assertThat(health.getStatus()).as("%s", health).isEqualTo(Status.UP);
		return (Map<String, Object>) health.getDetails().get("trust");
	}

	static List<String> threads(String prefix) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((thread) -> thread.startsWith(prefix))
			.toList();
	}

	/**
	 * Return how many objects of a class there are, after a garbage collection.
	 * @param className its name
	 * @return the number
	 */
	static int instancesOf(String className) {
		try {
			String histogram = (String) ManagementFactory.getPlatformMBeanServer()
				.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
						new Object[] { new String[0] }, new String[] { String[].class.getName() });
			Matcher matcher = Pattern
				.compile("(?m)^\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+" + Pattern.quote(className) + "\\s*$")
				.matcher(histogram);
			return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
		}
		catch (JMException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return how many TLS contexts there are.
	 * @return the number, those of other tests included that Boot keeps
	 */
	static int tlsContexts() {
		return instancesOf("io.github.dbtls.tls.TlsContext");
	}

	private static long heapAfterCollection() {
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	static void await(BooleanSupplier condition, String what) {
		long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime()).as("waited 60 s for: " + what).isLessThan(end);
			try {
				Thread.sleep(50);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

}
