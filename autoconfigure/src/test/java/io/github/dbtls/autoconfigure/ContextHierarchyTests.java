package io.github.dbtls.autoconfigure;

import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ContextHierarchy}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ContextHierarchyTests {

	private static final String URL = "jdbc:mysql://db.example.com/shop";

	private static final String[] FOLLOWING = { "dbtls.ssl-bundle=db", "dbtls.reload-interval=1h" };

	private final ApplicationContextRunner plain = new ApplicationContextRunner()
		.withPropertyValues("dbtls.provider=mysql");

	private final ApplicationContextRunner secured = this.plain
		.withConfiguration(AutoConfigurations.of(DbTlsAutoConfiguration.class));

	@BeforeEach
	void begin() {
		Traces.begin();
	}

	@Test
	void startedPoolOfAParentWithoutDbtlsFails() {
		try (FakeMySqlServer server = FakeMySqlServer.plain().start(); HikariDataSource pool = pool(server.jdbcUrl())) {
			pool.setInitializationFailTimeout(-1);
			try {
				pool.getConnection().close();
			}
			catch (Exception ex) {
				// Started is enough.
			}
			this.plain.withBean("ds", DataSource.class, () -> pool)
				.run((parent) -> this.secured.withParent(parent)
					.run((context) -> assertThat(context).getFailure()
						.isInstanceOf(DbTlsConfigurationException.class)
						.hasMessageContaining("DataSource 'ds' cannot be secured: it has already started")));
		}
	}

	@Test
	void unstartedPoolOfAParentWithoutDbtlsIsSecured(CapturedOutput output) {
		this.plain.withBean("ds", DataSource.class, () -> pool(URL))
			.run((parent) -> this.secured.withParent(parent).run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(parent.getBean(HikariDataSource.class).getJdbcUrl()).contains("dbtlsPool=");
			}));
		assertThat(output).doesNotContain("there is no MySQL DataSource");
	}

	@Test
	void poolOfAParentWithoutDbtlsIsThatParentsWhoeverSecuredIt(@TempDir Path directory) {
		Authority authority = TestCertificates.authority("CN=Shop CA");
		Authority next = TestCertificates.authority("CN=Next CA");
		Path caPath = authority.writeTo(directory);
		ApplicationContextRunner child = this.secured.withPropertyValues("dbtls.ca-path=" + caPath,
				"dbtls.reload-interval=1s");
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start()) {
			this.plain.withBean("ds", DataSource.class, () -> pool(server.jdbcUrl())).run((parent) -> {
				HikariDataSource pool = parent.getBean(HikariDataSource.class);
				WeakReference<?> closed = runChild(child, parent, pool);
				// The child is gone, and its parent's pool connects, is watched, and
				// nobody keeps the child for it.
				Traces.awaitCollected(closed);
				assertThat(Traces.registered()).hasSize(1);
				assertThat(generation(pool)).isEqualTo(1);
				server.use(next.server("localhost"));
				Files.writeString(caPath, authority.pem() + next.pem());
				awaitRenewed(pool);
				// It has started by now, and is secured all the same.
				child.withParent(parent).run((context) -> {
					assertThat(context).hasNotFailed();
					assertThat(context.getBean(SecuredPools.class).all()).isEmpty();
				});
				assertThat(Traces.registered()).hasSize(1);
				// As the context does for its beans.
				parent.stop();
				Traces.await("no threads", () -> Traces.threads().isEmpty());
				parent.start();
				Traces.await("a thread", () -> !Traces.threads().isEmpty());
			});
		}
		Traces.awaitNone();
	}

	@Test
	void poolOfAParentWithoutDbtlsFollowsTheBundleOfThatParent(@TempDir Path directory) {
		Authority authority = TestCertificates.authority("CN=Shop CA");
		Authority next = TestCertificates.authority("CN=Next CA");
		Path caPath = authority.writeTo(directory);
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start()) {
			bundle(this.plain, caPath).withBean("ds", DataSource.class, () -> pool(server.jdbcUrl())).run((parent) -> {
				HikariDataSource pool = parent.getBean(HikariDataSource.class);
				WeakReference<?> closed = runChild(this.secured.withPropertyValues(FOLLOWING), parent, pool);
				Traces.awaitCollected(closed);
				server.use(next.server("localhost"));
				parent.getBean(SslBundleRegistry.class).updateBundle("db", bundle(authority.pem() + next.pem()));
				awaitRenewed(pool);
			});
		}
		Traces.awaitNone();
	}

	@Test
	void poolOfAParentWithoutDbtlsKeepsWhatABundleOfTheChildHeld(@TempDir Path directory, CapturedOutput output) {
		Authority authority = TestCertificates.authority("CN=Shop CA");
		Path caPath = authority.writeTo(directory);
		try (FakeMySqlServer server = FakeMySqlServer.tls(authority.server("localhost")).start()) {
			this.plain.withBean("ds", DataSource.class, () -> pool(server.jdbcUrl())).run((parent) -> {
				HikariDataSource pool = parent.getBean(HikariDataSource.class);
				WeakReference<?> closed = runChild(bundle(this.secured, caPath).withPropertyValues(FOLLOWING), parent,
						pool);
				Traces.awaitCollected(closed);
				assertThat(Traces.threads()).isEmpty();
				pool.getHikariPoolMXBean().softEvictConnections();
				assertThat(generation(pool)).isEqualTo(1);
			});
		}
		assertThat(output).containsOnlyOnce("its application context is a parent of the one with the SSL bundle 'db'");
		Traces.awaitNone();
	}

	@Test
	void bundleOfTheChildIsNothingToWarnOfWhereReloadIsSwitchedOff(@TempDir Path directory, CapturedOutput output) {
		Path caPath = TestCertificates.authority("CN=Shop CA").writeTo(directory);
		this.plain.withBean("ds", DataSource.class, () -> pool(URL))
			.run((parent) -> bundle(this.secured, caPath)
				.withPropertyValues("dbtls.ssl-bundle=db", "dbtls.reload-interval=0")
				.run((context) -> assertThat(context).hasNotFailed()));
		assertThat(output).doesNotContain("is a parent of the one with");
	}

	@Test
	void childThatFollowsABundleOfItsParentIsNotKeptByIt(@TempDir Path directory) {
		Path caPath = TestCertificates.authority("CN=Shop CA").writeTo(directory);
		bundle(this.plain, caPath).run((parent) -> {
			AtomicReference<WeakReference<?>> closed = new AtomicReference<>();
			this.secured.withParent(parent)
				.withPropertyValues(FOLLOWING)
				.withBean("ds", DataSource.class, () -> pool(URL))
				.run((context) -> {
					assertThat(context).hasNotFailed();
					parent.getBean(SslBundleRegistry.class)
						.updateBundle("db", bundle(TestCertificates.authority("CN=Next CA").pem()));
					SecuredPool pool = context.getBean(SecuredPools.class).all().get(0);
					Traces.await("generation 2", () -> pool.tls().generation() == 2);
					closed.set(new WeakReference<>(context.getSourceApplicationContext()));
				});
			Traces.awaitCollected(closed.get());
			assertThat(parent.getBean(SslBundles.class).getBundleNames()).contains("db");
		});
		Traces.awaitNone();
	}

	@Test
	void poolOfAParentIsSecuredWhoeverHoldsTheMonitorOfItsBeans() {
		this.plain.withBean("ds", DataSource.class, () -> pool(URL)).run((parent) -> {
			Object beans = parent.getSourceApplicationContext(ConfigurableApplicationContext.class).getBeanFactory();
			CompletableFuture<Void> child = new CompletableFuture<>();
			Thread thread = new Thread(() -> {
				try {
					this.secured.withParent(parent).run((context) -> assertThat(context).hasNotFailed());
					child.complete(null);
				}
				catch (Throwable ex) {
					child.completeExceptionally(ex);
				}
			});
			synchronized (beans) {
				thread.start();
				Traces.await("secured", child::isDone);
			}
			child.join();
			assertThat(Traces.registered()).hasSize(1);
		});
		Traces.awaitNone();
	}

	@Test
	void poolOfAParentIsSecuredByTwoChildrenAtOnce() {
		AtomicReference<AdoptedPools> first = new AtomicReference<>();
		// Another child is there first, after this one saw that nobody was.
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory() {

			@Override
			public void registerSingleton(String name, Object bean) {
				if (bean instanceof AdoptedPools && first.get() == null) {
					first.set(new AdoptedPools(new PoolOwners(this, new DataSourceReader(List.of()), List.of()),
							getBeanClassLoader()));
					super.registerSingleton(name, first.get());
					registerDisposableBean(name, first.get());
				}
				super.registerSingleton(name, bean);
			}

		};
		new ApplicationContextRunner(() -> new AnnotationConfigApplicationContext(beans))
			.withBean("ds", DataSource.class, () -> pool(URL))
			.run((parent) -> this.secured.withParent(parent).run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(parent.getBean(AdoptedPools.BEAN)).isSameAs(first.get());
				assertThat(first.get().pools().all()).hasSize(1);
			}));
		Traces.awaitNone();
	}

	private static WeakReference<?> runChild(ApplicationContextRunner runner, ApplicationContext parent,
			HikariDataSource pool) {
		AtomicReference<WeakReference<?>> closed = new AtomicReference<>();
		runner.withParent(parent)
			.withBean("wrapper", DataSource.class, () -> new DelegatingDataSource(pool))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				// It answers for it, in health as well, while it is there.
				assertThat(context.getBean(SecuredPools.class).all()).hasSize(1);
				assertThat(generation(pool)).isEqualTo(1);
				closed.set(new WeakReference<>(context.getSourceApplicationContext()));
			});
		return closed.get();
	}

	@Test
	void poolOfAParentWithoutDbtlsIsForgottenWhenItClosesFirst() {
		this.plain.withBean("ds", DataSource.class, () -> pool(URL))
			.run((parent) -> this.secured.withParent(parent).run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(Traces.registered()).hasSize(1);
				((ConfigurableApplicationContext) parent.getSourceApplicationContext()).close();
				assertThat(Traces.registered()).isEmpty();
			}));
		Traces.awaitNone();
	}

	@Test
	void poolOfAParentWithoutDbtlsCanBeReleased() {
		this.plain.withBean("ds", DataSource.class, () -> pool(URL))
			.run((parent) -> this.secured.withParent(parent).run((context) -> {
				context.getBean(DbTlsPools.class).release(parent.getBean(HikariDataSource.class));
				assertThat(Traces.registered()).isEmpty();
				assertThat(context.getBean(SecuredPools.class).all()).isEmpty();
			}));
	}

	@Test
	void lazyBeanOfAParentWithoutDbtlsFailsUnlessExempt() {
		Supplier<DataSource> bean = () -> pool(URL);
		this.plain.withBean("ds", DataSource.class, bean, (definition) -> definition.setLazyInit(true))
			.run((parent) -> {
				this.secured.withParent(parent)
					.run((context) -> assertThat(context).getFailure()
						.isInstanceOf(DbTlsConfigurationException.class)
						.hasMessageContaining("parent application context that has no dbtls"));
				this.secured.withParent(parent)
					.withPropertyValues("dbtls.data-sources.ds.enabled=false")
					.run((context) -> assertThat(context).hasNotFailed());
			});
	}

	@Test
	void childKnowsWhatItsParentSecured(CapturedOutput output) {
		ApplicationContextRunner runner = this.secured.withPropertyValues("dbtls.data-sources.ds.ssl-mode=verify-ca");
		runner.withBean("ds", DataSource.class, () -> pool(URL)).run((parent) -> {
			HikariDataSource pool = parent.getBean(HikariDataSource.class);
			String url = pool.getJdbcUrl();
			runner.withParent(parent)
				.withBean("wrapper", DataSource.class, () -> new DelegatingDataSource(pool))
				.run((context) -> {
					assertThat(context).hasNotFailed();
					assertThat(context.getBean(SecuredPools.class).all()).isEmpty();
				});
			runner.withParent(parent).run((context) -> assertThat(context).hasNotFailed());
			assertThat(pool.getJdbcUrl()).isEqualTo(url);
		});
		assertThat(output).doesNotContain("there is no MySQL DataSource");
	}

	@Test
	void childKeepsToTheExemptionsOfItsParent() {
		this.secured.withBean("ds", DataSource.class, () -> pool(URL))
			.withPropertyValues("dbtls.data-sources.ds.enabled=false")
			.run((parent) -> {
				HikariDataSource pool = parent.getBean(HikariDataSource.class);
				this.secured.withParent(parent)
					.withBean("wrapper", DataSource.class, () -> new DelegatingDataSource(pool))
					.run((context) -> assertThat(context).hasNotFailed());
				assertThat(pool.getJdbcUrl()).isEqualTo(URL);
			});
	}

	private static ApplicationContextRunner bundle(ApplicationContextRunner runner, Path caPath) {
		return runner.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
			.withPropertyValues("spring.ssl.bundle.pem.db.truststore.certificate=" + caPath.toUri());
	}

	private static SslBundle bundle(String trust) {
		return SslBundle.of(new PemSslStoreBundle((PemSslStoreDetails) null, PemSslStoreDetails.forCertificate(trust)));
	}

	private static void awaitRenewed(HikariDataSource pool) {
		Traces.await("generation 2", () -> {
			// Each time: one that is on its way to the pool is missed, and would stay
			// there, since the new trust vouches for it as well.
			pool.getHikariPoolMXBean().softEvictConnections();
			return generation(pool) == 2;
		});
	}

	private static int generation(HikariDataSource pool) {
		try (Connection connection = pool.getConnection()) {
			return ConnectionSession.of(connection).generation();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static HikariDataSource pool(String url) {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(url);
		return pool;
	}

}
