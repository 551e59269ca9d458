package io.github.dbtls.autoconfigure;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.net.ssl.X509TrustManager;
import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.Provider;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.tls.PoolTls;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.autoconfigure.info.InfoContributorAutoConfiguration;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.health.application.SslHealthIndicator;
import org.springframework.boot.health.autoconfigure.application.SslHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.info.SslInfo;
import org.springframework.boot.info.SslInfo.CertificateChainInfo;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.ssl.SslMetricsAutoConfiguration;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link TrustPublication}, {@link PublishedStores}, {@link BundleProperties}
 * and {@link PublishedBundleMeterFilter}.
 */
@ExtendWith(OutputCaptureExtension.class)
class TrustPublicationTests {

	private static final Authority first = TestCertificates.authority("CN=First CA");

	private static final Authority second = TestCertificates.authority("CN=Second CA");

	private static final String URL = "jdbc:mysql://db.example.com/shop";

	private static final String METER = "ssl.chain.expiry";

	@TempDir
	private Path directory;

	private Path file;

	/** Without the pool of Boot. */
	private ApplicationContextRunner bare;

	private ApplicationContextRunner contextRunner;

	@BeforeEach
	void prepare() throws IOException {
		this.file = write("ca.pem", first);
		this.bare = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, DbTlsAutoConfiguration.class))
			.withPropertyValues("dbtls.provider=mysql", "dbtls.ca-path=" + this.file, "dbtls.reload-interval=1s");
		this.contextRunner = this.bare.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
			.withPropertyValues("spring.datasource.url=" + URL);
	}

	@Test
	void trustOfACertificateFileIsABundleWithoutKeys() {
		this.contextRunner.run((context) -> {
			SslBundle bundle = bundles(context).getBundle("dbtls");
			assertThat(certificates(bundle)).containsExactly(first.certificate());
			assertThat(bundle.getStores().getKeyStore()).isNull();
			assertThat(bundle.getStores().getKeyStorePassword()).isNull();
			assertThat(bundle.getKey()).isSameAs(SslBundleKey.NONE);
			assertThat(bundle.getOptions().getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
			assertThat(bundle.getOptions().getCiphers()).isNull();
		});
	}

	@Test
	void bundleWorksForWhoeverTakesIt() {
		this.contextRunner.run((context) -> {
			SslBundle bundle = bundles(context).getBundle("dbtls");
			assertThat(bundle.createSslContext().getSocketFactory()).isNotNull();
			X509TrustManager manager = (X509TrustManager) bundle.getManagers().getTrustManagers()[0];
			manager.checkServerTrusted(chain(first), "ECDHE_ECDSA");
			assertThatExceptionOfType(CertificateException.class)
				.isThrownBy(() -> manager.checkServerTrusted(chain(second), "ECDHE_ECDSA"));
		});
	}

	@Test
	void privateKeyOfTheClientIsNotInIt() throws IOException {
		Path client = this.directory.resolve("client.pem");
		writeClient(client);
		this.contextRunner
			.withPropertyValues("dbtls.client-certificate=" + client, "dbtls.client-private-key=" + client)
			.run((context) -> {
				assertThat(context.getBean(SecuredPools.class).all().get(0).tls().policy().clientKey()).isNotNull();
				SslBundle bundle = bundles(context).getBundle("dbtls");
				assertThat(bundle.getStores().getKeyStore()).isNull();
				KeyStore trust = bundle.getStores().getTrustStore();
				for (String alias : Collections.list(trust.aliases())) {
					assertThat(trust.isKeyEntry(alias)).isFalse();
				}
			});
	}

	@Test
	void optionsAreThoseOfAllDataSources() {
		this.bare
			.withPropertyValues("dbtls.tls-versions=TLSv1.3", "dbtls.ciphers=TLS_AES_256_GCM_SHA384",
					"dbtls.data-sources.orders.tls-versions=TLSv1.2",
					"dbtls.data-sources.orders.ciphers=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")
			.withBean("orders", DataSource.class, TrustPublicationTests::pool)
			.withBean("billing", DataSource.class, TrustPublicationTests::pool)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(bundles(context).getBundleNames()).containsExactly("dbtls");
				SslBundle bundle = bundles(context).getBundle("dbtls");
				assertThat(bundle.getOptions().getEnabledProtocols()).containsExactly("TLSv1.3");
				assertThat(bundle.getOptions().getCiphers()).containsExactly("TLS_AES_256_GCM_SHA384");
			});
	}

	@Test
	void poolsThatComeBeforeTheRegistryAreInIt() {
		lazy(this.contextRunner).run((context) -> {
			context.getBean(DataSource.class);
			assertThat(context.getBeanFactory().containsSingleton("sslBundleRegistry")).isFalse();
			assertThat(bundles(context).getBundleNames()).containsExactly("dbtls");
		});
	}

	@Test
	void poolsThatComeAfterTheRegistryAreInItAsSoonAsTheyExist() {
		lazy(this.contextRunner).run((context) -> {
			assertThat(bundles(context).getBundleNames()).isEmpty();
			context.getBean(DataSource.class);
			assertThat(bundles(context).getBundleNames()).containsExactly("dbtls");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "dbtls.ssl-mode=required", "dbtls.ssl-mode=verify-identity" })
	void whatIsNotOfAFileIsNoBundle(String mode) {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, DbTlsAutoConfiguration.class,
					DataSourceAutoConfiguration.class))
			.withPropertyValues("dbtls.provider=mysql", mode, "spring.datasource.url=" + URL)
			.run((context) -> {
				assertThat(context.getBean(SecuredPools.class).all()).hasSize(1);
				assertThat(bundles(context).getBundleNames()).isEmpty();
			});
	}

	@Test
	void withoutProviderThereIsNoBundle() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, DbTlsAutoConfiguration.class,
					DataSourceAutoConfiguration.class))
			.withPropertyValues("spring.datasource.url=" + URL)
			.run((context) -> assertThat(bundles(context).getBundleNames()).isEmpty());
	}

	@Test
	void whatCameFromABundleIsNoOther() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, DbTlsAutoConfiguration.class,
					DataSourceAutoConfiguration.class))
			.withPropertyValues("dbtls.provider=mysql", "dbtls.ssl-bundle=mine", "spring.datasource.url=" + URL,
					"spring.ssl.bundle.pem.mine.truststore.certificate=" + this.file)
			.run((context) -> {
				assertThat(context.getBean(SecuredPools.class).all()).hasSize(1);
				assertThat(bundles(context).getBundleNames()).containsExactly("mine");
			});
	}

	@Test
	void fileOfTheProviderBesideABundleIsABundle() throws IOException {
		Path client = this.directory.resolve("client.pem");
		writeClient(client);
		Provider provider = Provider.withId("acme")
			.name("ACME")
			.documentation("https://acme.example/tls")
			.caFile("file:" + this.file)
			.clientCertificate()
			.build();
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, DbTlsAutoConfiguration.class,
					DataSourceAutoConfiguration.class))
			.withBean(Provider.class, () -> provider)
			.withPropertyValues("dbtls.provider=acme", "dbtls.ssl-bundle=mine", "spring.datasource.url=" + URL,
					"spring.ssl.bundle.pem.mine.keystore.certificate=" + client,
					"spring.ssl.bundle.pem.mine.keystore.private-key=" + client)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(bundles(context).getBundleNames()).containsExactly("dbtls", "mine");
				assertThat(bundles(context).getBundle("dbtls").getStores().getKeyStore()).isNull();
			});
	}

	@ParameterizedTest
	@CsvSource({ "dbtls", "dbtls-billing" })
	void bundleThatIsPublishedIsNoSourceOfTrust(String bundle) {
		ApplicationContextRunner runner = this.bare
			.withPropertyValues("dbtls.data-sources.billing.ca-path=" + this.file,
					"dbtls.data-sources.orders.ssl-bundle=" + bundle)
			.withBean("billing", DataSource.class, TrustPublicationTests::pool)
			.withBean("reports", DataSource.class, TrustPublicationTests::pool)
			.withBean("orders", DataSource.class, TrustPublicationTests::pool);
		// Whatever comes first.
		lazy(runner).run((context) -> refusedAsPublished(context.getStartupFailure(), bundle));
		runner.run((context) -> refusedAsPublished(context.getStartupFailure(), bundle));
	}

	private static void refusedAsPublished(Throwable thrown, String bundle) {
		DbTlsConfigurationException refusal = (DbTlsConfigurationException) rootCause(thrown);
		assertThat(refusal.getProperty()).isEqualTo("dbtls.data-sources.orders.ssl-bundle");
		assertThat(refusal)
			.hasMessage("'dbtls.data-sources.orders.ssl-bundle' is '%s', the name of a bundle that ".formatted(bundle)
					+ "dbtls itself publishes: what DataSources trust by their certificate files.");
		assertThat(refusal.getAction()).startsWith("To trust the same file, name it in "
				+ "'dbtls.data-sources.orders.ca-path' and remove 'dbtls.data-sources.orders.ssl-bundle'.");
	}

	@Test
	void bundleThatAParentPublishesIsNoSourceOfTrust() {
		this.bare.withPropertyValues("dbtls.data-sources.billing.ca-path=" + this.file)
			.withBean("billing", DataSource.class, TrustPublicationTests::pool)
			.run((parent) -> {
				SslBundle published = bundles(parent).getBundle("dbtls-billing");
				Policies policies = new Policies(BoundProperties.ofYaml("""
						dbtls:
						  provider: mysql
						  ssl-bundle: dbtls-billing
						"""), new Providers(List.of()), TestSslBundles.of("dbtls-billing", published));
				assertThatExceptionOfType(DbTlsConfigurationException.class)
					.isThrownBy(() -> policies.policyOf("orders", List.of()))
					.withMessageStartingWith("'dbtls.ssl-bundle' is 'dbtls-billing', the name of a bundle that dbtls");
			});
	}

	@Test
	void systemRootsBesideTheFileAreNotInIt() {
		this.contextRunner
			.withPropertyValues("dbtls.provider=aws-rds",
					"spring.datasource.url=jdbc:mysql://shop.proxy-abc.eu-central-1.rds.amazonaws.com/shop")
			.run((context) -> {
				assertThat(context.getBean(SecuredPools.class).all().get(0).tls().trust().certificates())
					.hasSizeGreaterThan(20);
				assertThat(certificates(bundles(context).getBundle("dbtls"))).containsExactly(first.certificate());
			});
	}

	@ParameterizedTest
	@CsvSource({ "dbtls.provider, dbtls", "dbtls.data-sources.data-source.provider, dbtls-dataSource" })
	void fileOfTheProviderIsABundle(String property, String bundle) {
		Provider provider = Provider.withId("acme")
			.name("ACME")
			.documentation("https://acme.example/tls")
			.caFile("file:" + this.file)
			.build();
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, DbTlsAutoConfiguration.class,
					DataSourceAutoConfiguration.class))
			.withBean(Provider.class, () -> provider)
			.withPropertyValues(property + "=acme", "spring.datasource.url=" + URL)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(bundles(context).getBundleNames()).containsExactly(bundle);
			});
	}

	@Test
	void trustOfItsOwnIsABundleWithTheNameOfTheBean() throws IOException {
		Path own = write("own.pem", second);
		this.bare.withPropertyValues("dbtls.data-sources.orders-db.ca-path=" + own,
				"dbtls.data-sources.orders-db.tls-versions=TLSv1.3", "dbtls.data-sources.reports.ssl-mode=verify-ca")
			.withBean("ordersDb", DataSource.class, TrustPublicationTests::pool)
			.withBean("reports", DataSource.class, TrustPublicationTests::pool)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(bundles(context).getBundleNames()).containsExactly("dbtls", "dbtls-ordersDb");
				SslBundle bundle = bundles(context).getBundle("dbtls-ordersDb");
				assertThat(certificates(bundle)).containsExactly(second.certificate());
				assertThat(bundle.getOptions().getEnabledProtocols()).containsExactly("TLSv1.3");
				assertThat(certificates(bundles(context).getBundle("dbtls"))).containsExactly(first.certificate());
			});
	}

	@Test
	void poolThatIsDerivedHasNoBundleOfItsOwn() {
		this.bare.withPropertyValues("dbtls.data-sources.orders.ca-path=" + this.file)
			.withBean("orders", HikariDataSource.class, TrustPublicationTests::pool)
			.withUserConfiguration(DerivedPool.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(SecuredPools.class).all()).hasSize(2);
				assertThat(bundles(context).getBundleNames()).containsExactly("dbtls-orders");
			});
	}

	@Test
	void poolThatIsNoBeanIsSeenIfItsTrustIsThatOfAll() {
		this.bare.withPropertyValues("dbtls.data-sources.tenant-b.ca-path=" + this.file)
			.withUserConfiguration(Tenants.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(SecuredPools.class).all()).extracting(SecuredPool::name)
					.containsExactly("tenant-a", "tenant-b");
				assertThat(bundles(context).getBundleNames()).containsExactly("dbtls");
			});
	}

	@Test
	void poolsWithTheSameTrustShareOneBundle() {
		this.bare.withBean("orders", DataSource.class, TrustPublicationTests::pool).run((context) -> {
			List<SslBundle> updates = listen(context, "dbtls");
			SslBundle bundle = bundles(context).getBundle("dbtls");
			DbTlsPools pools = context.getBean(DbTlsPools.class);
			for (String tenant : List.of("tenant-a", "tenant-b")) {
				HikariDataSource pool = pool();
				pools.secure(tenant, pool);
				pools.release(pool);
			}
			assertThat(bundles(context).getBundle("dbtls")).isSameAs(bundle);
			assertThat(updates).isEmpty();
			// Newer than what the other pool holds.
			write("ca.pem", first, second);
			pools.secure("tenant-c", pool());
			assertThat(updates).hasSize(1);
		});
	}

	@Test
	void changedFileUpdatesTheBundle(CapturedOutput output) {
		this.contextRunner.run((context) -> {
			List<SslBundle> updates = listen(context, "dbtls");
			write("ca.pem", first, second);
			Traces.await(() -> !updates.isEmpty());
			assertThat(updates).hasSize(1);
			assertThat(certificates(updates.get(0))).containsExactly(first.certificate(), second.certificate());
			assertThat(bundles(context).getBundle("dbtls")).isSameAs(updates.get(0));
		});
		assertThat(output.getAll().lines().filter((line) -> line.contains("WARN")))
			.noneMatch((line) -> line.contains("bundle"));
	}

	@Test
	void bundleThatNobodyListensToIsUpdatedWithoutAWarning(CapturedOutput output) {
		this.contextRunner.run((context) -> {
			write("ca.pem", first, second);
			Traces.await(() -> certificates(bundles(context).getBundle("dbtls")).size() == 2);
		});
		assertThat(output.getAll().lines().filter((line) -> line.contains("WARN")))
			.noneMatch((line) -> line.contains("bundle"));
	}

	@Test
	void changeOfAnotherFileIsNoUpdate() throws IOException {
		Path client = this.directory.resolve("client.pem");
		writeClient(client);
		this.contextRunner
			.withPropertyValues("dbtls.client-certificate=" + client, "dbtls.client-private-key=" + client)
			.run((context) -> {
				List<SslBundle> updates = listen(context, "dbtls");
				writeClient(client);
				Traces.await(() -> context.getBean(SecuredPools.class).all().get(0).tls().generation() == 2);
				context.getBean(Reloads.class).stop();
				assertThat(updates).isEmpty();
			});
	}

	@ParameterizedTest
	@MethodSource("whatAHandlerThrows")
	void handlerThatThrowsDoesNotStopAReload(Throwable thrown, CapturedOutput output) {
		this.contextRunner.run((context) -> {
			bundles(context).addBundleUpdateHandler("dbtls", (bundle) -> sneakyThrow(thrown));
			write("ca.pem", first, second);
			Traces.await(() -> output.getAll().contains("not everything that uses it took it over"));
			assertThat(context.getBean(SecuredPools.class).all().get(0).tls().generation()).isEqualTo(2);
			assertThat(context.getBean(SecuredPools.class).all().get(0).tls().reloadFault()).isNull();
			write("ca.pem", second);
			Traces.await(() -> context.getBean(SecuredPools.class).all().get(0).tls().generation() == 3);
		});
	}

	private static Stream<Throwable> whatAHandlerThrows() {
		return Stream.of(new IllegalStateException("It does not like it"),
				new NoClassDefFoundError("It is not compiled for this"), new IOException("It is of Kotlin"));
	}

	@SuppressWarnings("unchecked")
	private static <E extends Throwable> void sneakyThrow(Throwable thrown) throws E {
		throw (E) thrown;
	}

	@Test
	void handlerThatDoesNotReturnHoldsUpNoOtherPool() throws IOException {
		Authority third = TestCertificates.authority("CN=Third CA");
		Path own = write("own.pem", first);
		CountDownLatch release = new CountDownLatch(1);
		this.bare.withPropertyValues("dbtls.data-sources.orders.ca-path=" + own)
			.withBean("billing", DataSource.class, TrustPublicationTests::pool)
			.withBean("orders", DataSource.class, TrustPublicationTests::pool)
			.run((context) -> {
				List<SslBundle> begun = new CopyOnWriteArrayList<>();
				bundles(context).addBundleUpdateHandler("dbtls", (bundle) -> {
					begun.add(bundle);
					awaitUninterruptibly(release);
				});
				List<SslBundle> ofOrders = listen(context, "dbtls-orders");
				try {
					write("ca.pem", first, second);
					Traces.await(() -> !begun.isEmpty());
					write("ca.pem", first, second, third);
					FutureTask<Void> secured = new FutureTask<>(
							() -> context.getBean(DbTlsPools.class).secure("tenant", pool()), null);
					new Thread(secured).start();
					secured.get(30, TimeUnit.SECONDS);
					write("own.pem", first, second);
					Traces.await(() -> !ofOrders.isEmpty());
					assertThat(begun).hasSize(1);
				}
				finally {
					release.countDown();
				}
				// The latest is what everybody has in the end.
				Traces.await(() -> begun.size() == 2);
				assertThat(certificates(begun.get(1))).hasSize(3);
				assertThat(bundles(context).getBundle("dbtls")).isSameAs(begun.get(1));
			});
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void handlerThatMakesAPoolGetsTheNewestLast() {
		Authority third = TestCertificates.authority("CN=Third CA");
		this.contextRunner.run((context) -> {
			List<Integer> sizes = new CopyOnWriteArrayList<>();
			bundles(context).addBundleUpdateHandler("dbtls", (bundle) -> {
				if (sizes.isEmpty()) {
					uncheckedWrite("ca.pem", first, second, third);
					context.getBean(DbTlsPools.class).secure("tenant", pool());
				}
				sizes.add(certificates(bundle).size());
			});
			write("ca.pem", first, second);
			Traces.await(() -> sizes.size() == 2);
			assertThat(sizes).containsExactly(2, 3);
		});
	}

	@Test
	void registryThatRefusedTheBundleIsNotUpdated(CapturedOutput output) {
		lazy(this.contextRunner).withPropertyValues("spring.ssl.bundle.pem.dbtls.truststore.certificate=" + this.file)
			.run((context) -> {
				context.getBean(DataSource.class);
				refused(failure(() -> bundles(context)), "spring.ssl.bundle.pem.dbtls.truststore.certificate");
				write("ca.pem", first, second);
				context.getBean(DbTlsPools.class).secure("tenant", pool());
				context.getBean(Reloads.class).start();
				Traces.await(() -> tls(context).generation() == 2);
				context.getBean(Reloads.class).stop();
				assertThat(tls(context).generation()).isEqualTo(2);
				assertThat(tls(context).reloadFault()).isNull();
			});
		assertThat(output.getAll().lines().filter((line) -> line.contains("WARN")))
			.noneMatch((line) -> line.contains("bundle"));
	}

	@Test
	void childThatFailedDoesNotDisturbItsParent(CapturedOutput output) {
		withoutRegistry().run((parent) -> {
			new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
				.withParent(parent)
				.withPropertyValues("spring.ssl.bundle.pem.dbtls.truststore.certificate=" + this.file)
				.run((context) -> {
					assertThat(rootCause(context.getStartupFailure())).isInstanceOf(DbTlsConfigurationException.class)
						.hasMessageContaining("another bundle has this name");
					write("ca.pem", first, second);
					parent.getBean(DbTlsPools.class).secure("tenant", pool());
					Traces.await(() -> tls(parent).generation() == 2);
				});
			DefaultSslBundleRegistry next = new DefaultSslBundleRegistry();
			parent.getBean(TrustPublication.class).registerBundles(next);
			assertThat(certificates(next.getBundle("dbtls"))).hasSize(2);
			parent.getBean(Reloads.class).stop();
			assertThat(tls(parent).generation()).isEqualTo(2);
		});
		assertThat(output).doesNotContain("not brought up to date").doesNotContain("do not come into force");
	}

	@Test
	void nameThatIsTakenInOneRegistryIsTakenEachTimeAndNotInTheOther() {
		this.bare.run((context) -> {
			TrustPublication publication = context.getBean(TrustPublication.class);
			DefaultSslBundleRegistry other = new DefaultSslBundleRegistry("dbtls", SslBundle.of(SslStoreBundle.NONE));
			publication.registerBundles(other);
			DbTlsPools pools = context.getBean(DbTlsPools.class);
			for (int i = 0; i < 2; i++) {
				assertThatExceptionOfType(DbTlsConfigurationException.class)
					.isThrownBy(() -> pools.secure("tenant", pool()))
					.withMessageContaining("another bundle has this name");
			}
			assertThat(certificates(bundles(context).getBundle("dbtls"))).containsExactly(first.certificate());
			assertThat(publication.sizes()).containsEntry("dbtls", 1);
		});
	}

	@Test
	void registerHandlerThatThrowsDoesNotStopAPool(CapturedOutput output) {
		lazy(this.contextRunner).run((context) -> {
			bundles(context).addBundleRegisterHandler((name, bundle) -> {
				throw new IllegalStateException("It does not like it");
			});
			context.getBean(DataSource.class);
			assertThat(bundles(context).getBundleNames()).containsExactly("dbtls");
			assertThat(output)
				.contains("SSL bundle 'dbtls' is up to date, but not everything that uses it took it over");
		});
	}

	@ParameterizedTest
	@CsvSource({ "spring.ssl.bundle.pem.dbtls.truststore.certificate",
			"spring.ssl.bundle.jks.dbtls.truststore.location" })
	void nameThatIsTakenFails(String property) {
		ApplicationContextRunner taken = this.contextRunner.withPropertyValues(property + "=" + this.file);
		taken.run((context) -> refused(context.getStartupFailure(), property));
		lazy(taken).run((context) -> {
			bundles(context);
			refused(failure(() -> context.getBean(DataSource.class)), property);
			assertThat(context.getBean(SecuredPools.class).all()).isEmpty();
		});
		lazy(taken).run((context) -> {
			context.getBean(DataSource.class);
			refused(failure(() -> bundles(context)), property);
		});
	}

	private static void refused(Throwable thrown, String property) {
		DbTlsConfigurationException refusal = (DbTlsConfigurationException) rootCause(thrown);
		assertThat(refusal.getProperty()).isEqualTo(property);
		assertThat(refusal).hasMessage("The authorities of 'dbtls.ca-path' are published as SSL bundle 'dbtls', "
				+ "but another bundle has this name: that of '%s'.".formatted(property));
		assertThat(refusal.getAction()).isEqualTo(
				"Give that bundle another name, there and wherever it is used. 'dbtls', and 'dbtls-' with the name of a DataSource, are the names of what dbtls publishes.");
	}

	@Test
	void nameThatIsTakenByARegistrarFails() {
		this.contextRunner
			.withBean("mine", SslBundleRegistrar.class,
					() -> (registry) -> registry.registerBundle("dbtls", SslBundle.of(SslStoreBundle.NONE)))
			.run((context) -> {
				DbTlsConfigurationException refusal = (DbTlsConfigurationException) rootCause(
						context.getStartupFailure());
				assertThat(refusal.getProperty()).isNull();
				assertThat(refusal).hasMessage("The authorities of 'dbtls.ca-path' are published as SSL bundle "
						+ "'dbtls', but another bundle has this name: of 'spring.ssl.bundle.*.dbtls', or of an "
						+ "SslBundleRegistrar bean.");
			});
	}

	@Test
	void nameThatIsTakenOfABundleOfOneDataSourceFails() {
		String property = "spring.ssl.bundle.pem.dbtls-dataSource.truststore.certificate";
		this.contextRunner
			.withPropertyValues("dbtls.data-sources.dataSource.ca-path=" + this.file, property + "=" + this.file)
			.run((context) -> assertThat(rootCause(context.getStartupFailure()))
				.hasMessageStartingWith("The authorities of 'dbtls.data-sources.dataSource.ca-path' are published "
						+ "as SSL bundle 'dbtls-dataSource', but another bundle has this name: that of '"
						+ "spring.ssl.bundle.pem.dbtls-"));
	}

	@Test
	void failureAnalysisOfATakenNameIsPrinted(CapturedOutput output) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(
				() -> application
					.run("--dbtls.provider=mysql", "--dbtls.ca-path=" + this.file, "--spring.datasource.url=" + URL,
							"--spring.ssl.bundle.pem.dbtls.truststore.certificate=" + this.file)
					.close());
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The authorities of 'dbtls.ca-path' are published as SSL bundle 'dbtls'")
			.contains("Property: spring.ssl.bundle.pem.dbtls.truststore.certificate")
			.contains("from property source \"commandLineArgs\"")
			.contains("Give that bundle another name, there and wherever it is used.");
	}

	@Test
	void bundlesOfTheApplicationsOwnSwitchItOff() {
		DefaultSslBundleRegistry own = new DefaultSslBundleRegistry("dbtls", large());
		metered(this.contextRunner).withBean("ownBundles", SslBundles.class, () -> own).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(SecuredPools.class).all()).hasSize(1);
			assertThat(own.getBundleNames()).containsExactly("dbtls");
			write("ca.pem", first, second);
			Traces.await(() -> context.getBean(SecuredPools.class).all().get(0).tls().generation() == 2);
			// Not ours, whatever its name.
			assertThat(meters(context, "dbtls")).hasSize(21);
		});
	}

	@Test
	void withoutMicrometerAndActuatorThereIsABundle() {
		this.contextRunner
			.withClassLoader(new FilteredClassLoader("io.micrometer", "org.springframework.boot.actuate",
					"org.springframework.boot.health", "org.springframework.boot.micrometer"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBeanDefinitionNames()).noneMatch((name) -> name.contains("MeterFilter"));
				assertThat(bundles(context).getBundleNames()).containsExactly("dbtls");
			});
	}

	@Test
	void switchedOffItContributesNothing() {
		metered(this.contextRunner).withPropertyValues("dbtls.enabled=false").run((context) -> {
			assertThat(context).hasNotFailed()
				.doesNotHaveBean(TrustPublication.class)
				.doesNotHaveBean(PublishedBundleMeterFilter.class);
			assertThat(bundles(context).getBundleNames()).isEmpty();
		});
	}

	@Test
	void childLeavesNothingInTheRegistryOfItsParent() throws IOException {
		Path own = write("own.pem", second);
		this.contextRunner.run((parent) -> {
			this.bare.withParent(parent)
				.withPropertyValues("dbtls.data-sources.orders.ca-path=" + own)
				.withBean("orders", DataSource.class, TrustPublicationTests::pool)
				.run((context) -> {
					assertThat(context).hasNotFailed();
					assertThat(bundles(context)).isSameAs(bundles(parent));
					assertThat(context.getBean(SecuredPools.class).all()).hasSize(1);
					assertThat(bundles(parent).getBundleNames()).containsExactly("dbtls");
				});
			assertThat(bundles(parent).getBundleNames()).containsExactly("dbtls");
		});
	}

	@Test
	void registryOfAChildHasTheTrustOfItsParent() throws IOException {
		Path own = write("own.pem", second);
		withoutRegistry().run((parent) -> {
			for (int i = 0; i < 2; i++) {
				this.bare.withParent(parent)
					.withPropertyValues("dbtls.data-sources.billing.ca-path=" + own)
					.withBean("billing", DataSource.class, TrustPublicationTests::pool)
					.withBean("reports", DataSource.class, TrustPublicationTests::pool)
					.run((context) -> {
						assertThat(context).hasNotFailed();
						assertThat(bundles(context).getBundleNames()).containsExactly("dbtls", "dbtls-billing");
						assertThat(context.getBean(SecuredPools.class).all()).hasSize(2);
					});
			}
		});
	}

	@Test
	void registryIsNotKept() {
		this.bare.run((context) -> {
			TrustPublication publication = context.getBean(TrustPublication.class);
			WeakReference<DefaultSslBundleRegistry> registry = new WeakReference<>(new DefaultSslBundleRegistry());
			Consumer<DefaultSslBundleRegistry> register = publication::registerBundles;
			register.accept(registry.get());
			Traces.await(() -> {
				System.gc();
				return registry.get() == null;
			});
		});
	}

	@Test
	void infoShowsTheAuthorities() {
		this.contextRunner.withConfiguration(AutoConfigurations.of(InfoContributorAutoConfiguration.class))
			.withPropertyValues("management.info.ssl.enabled=true")
			.run((context) -> {
				Info.Builder builder = new Info.Builder();
				context.getBean("sslInfoContributor", InfoContributor.class).contribute(builder);
				SslInfo info = (SslInfo) builder.build().getDetails().get("ssl");
				assertThat(info.getBundles()).singleElement().satisfies((bundle) -> {
					assertThat(bundle.getName()).isEqualTo("dbtls");
					assertThat(bundle.getCertificateChains()).isEmpty();
					// Spring Boot 4.0 has no such method.
					List<CertificateChainInfo> chains = ReflectionTestUtils.invokeMethod(bundle,
							"getTrustStoreCertificateChains");
					assertThat(chains).singleElement().satisfies((chain) -> {
						assertThat(chain.getAlias()).isEqualTo("ca-1");
						assertThat(chain.getCertificates()).singleElement()
							.satisfies((certificate) -> assertThat(certificate.getSubject()).isEqualTo("CN=First CA"));
					});
				});
			});
	}

	@Test
	void expiredAuthorityDoesNotTurnTheHealthOfBundlesDown() throws IOException {
		write("ca.pem", first, TestCertificates.selfSigned("CN=Expired CA").expired().authority());
		this.contextRunner
			.withConfiguration(AutoConfigurations.of(HealthContributorAutoConfiguration.class,
					SslHealthContributorAutoConfiguration.class))
			.run((context) -> {
				assertThat(certificates(bundles(context).getBundle("dbtls"))).hasSize(2);
				assertThat(context.getBean(SslHealthIndicator.class).health().getStatus()).isEqualTo(Status.UP);
			});
	}

	@Test
	void eachAuthorityHasAMeter() throws IOException {
		write("ca.pem", first, second);
		metered(this.contextRunner).run((context) -> {
			assertThat(meters(context, "dbtls")).hasSize(2)
				.allSatisfy((meter) -> assertThat(meter.getId().getTag("source")).isEqualTo("truststore"))
				.extracting((meter) -> meter.getId().getTag("chain"))
				.containsExactlyInAnyOrder("ca-1", "ca-2");
			assertThat(meters(context, "dbtls").get(0).measure().iterator().next().getValue()).isPositive();
		});
	}

	@Test
	void poolThatComesLaterHasMeters() {
		lazy(metered(this.contextRunner)).run((context) -> {
			assertThat(meters(context, "dbtls")).isEmpty();
			bundles(context);
			context.getBeanProvider(MeterBinder.class)
				.forEach((binder) -> binder.bindTo(context.getBean(MeterRegistry.class)));
			context.getBean(DataSource.class);
			assertThat(meters(context, "dbtls")).hasSize(1);
		});
	}

	@Test
	void largeBundleHasNoMetersAndThoseOfOthersKeepTheirs() throws IOException {
		write("ca.pem", authorities(21));
		Path theirs = write("theirs.pem", authorities(21));
		metered(this.contextRunner).withPropertyValues("spring.ssl.bundle.pem.theirs.truststore.certificate=" + theirs)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(certificates(bundles(context).getBundle("dbtls"))).hasSize(21);
				assertThat(meters(context, "dbtls")).isEmpty();
				assertThat(meters(context, "theirs")).hasSize(21);
			});
	}

	@Test
	void metersGoWhenTheBundleGrowsAndComeBackWhenItShrinks() throws IOException {
		Authority[] authorities = authorities(21);
		write("ca.pem", List.of(authorities).subList(0, 20).toArray(Authority[]::new));
		metered(this.contextRunner).run((context) -> {
			assertThat(meters(context, "dbtls")).hasSize(20);
			write("ca.pem", authorities);
			Traces.await(() -> meters(context, "dbtls").isEmpty());
			assertThat(certificates(bundles(context).getBundle("dbtls"))).hasSize(21);
			write("ca.pem", first);
			Traces.await(() -> meters(context, "dbtls").size() == 1);
		});
	}

	@Test
	void otherMetersOfABundleWithThatNameAreLeftAlone() throws IOException {
		write("ca.pem", authorities(21));
		metered(this.contextRunner).run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			registry.counter("requests", "bundle", "dbtls").increment();
			registry.counter(METER + ".reads").increment();
			assertThat(registry.get("requests").counter().count()).isOne();
			assertThat(registry.get(METER + ".reads").counter().count()).isOne();
		});
	}

	private Path write(String name, Authority... authorities) throws IOException {
		StringBuilder pem = new StringBuilder();
		for (Authority authority : authorities) {
			pem.append(authority.pem());
		}
		return Files.writeString(this.directory.resolve(name), pem);
	}

	private void uncheckedWrite(String name, Authority... authorities) {
		try {
			write(name, authorities);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static PoolTls tls(ApplicationContext context) {
		return context.getBean(SecuredPools.class).all().get(0).tls();
	}

	private static void writeClient(Path file) throws IOException {
		Identity client = first.client("shop");
		Files.writeString(file, client.chainPem() + client.keyPem());
	}

	private static Authority[] authorities(int number) {
		return IntStream.range(0, number)
			.mapToObj((i) -> TestCertificates.authority("CN=CA %d".formatted(i)))
			.toArray(Authority[]::new);
	}

	private static SslBundle large() {
		return SslBundle.of(SslStoreBundle.of(null, null, TestCertificates
			.trustStore(Arrays.stream(authorities(21)).map(Authority::certificate).toArray(X509Certificate[]::new))));
	}

	private ApplicationContextRunner withoutRegistry() {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DbTlsAutoConfiguration.class))
			.withPropertyValues("dbtls.provider=mysql", "dbtls.ca-path=" + this.file, "dbtls.reload-interval=1s")
			.withBean("orders", DataSource.class, TrustPublicationTests::pool);
	}

	private static ApplicationContextRunner lazy(ApplicationContextRunner runner) {
		return runner.withInitializer(
				(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()));
	}

	private static ApplicationContextRunner metered(ApplicationContextRunner runner) {
		return runner
			.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
					CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class,
					SslMetricsAutoConfiguration.class, InfoContributorAutoConfiguration.class))
			.withPropertyValues("management.info.ssl.enabled=true");
	}

	private static List<Meter> meters(ApplicationContext context, String bundle) {
		return List.copyOf(context.getBean(MeterRegistry.class).find(METER).tag("bundle", bundle).meters());
	}

	private static SslBundles bundles(ApplicationContext context) {
		return context.getBean(SslBundles.class);
	}

	private static List<SslBundle> listen(ApplicationContext context, String bundle) {
		List<SslBundle> updates = new CopyOnWriteArrayList<>();
		bundles(context).addBundleUpdateHandler(bundle, updates::add);
		return updates;
	}

	private static List<X509Certificate> certificates(SslBundle bundle) {
		try {
			KeyStore store = bundle.getStores().getTrustStore();
			List<X509Certificate> certificates = new ArrayList<>();
			for (String alias : Collections.list(store.aliases())) {
				certificates.add((X509Certificate) store.getCertificate(alias));
			}
			return certificates;
		}
		catch (KeyStoreException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static X509Certificate[] chain(Authority authority) {
		return authority.server("localhost").chain().toArray(X509Certificate[]::new);
	}

	private static HikariDataSource pool() {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(URL);
		return pool;
	}

	private static Throwable failure(Supplier<?> action) {
		try {
			action.get();
		}
		catch (RuntimeException ex) {
			return ex;
		}
		throw new AssertionError("It did not fail");
	}

	private static Throwable rootCause(Throwable thrown) {
		return (thrown.getCause() != null) ? rootCause(thrown.getCause()) : thrown;
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, DataSourceAutoConfiguration.class,
			DbTlsAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class DerivedPool {

		@Bean
		HikariDataSource derived(HikariDataSource orders) {
			return DataSourceBuilder.derivedFrom(orders).type(HikariDataSource.class).username("flyway").build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Tenants {

		@Bean
		HikariConfig tenants(DbTlsPools pools) {
			for (String tenant : List.of("tenant-a", "tenant-b")) {
				pools.secure(tenant, pool());
			}
			return new HikariConfig();
		}

	}

}
