package io.github.dbtls.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

import io.github.dbtls.BundleOrigin;
import io.github.dbtls.connectorj.HostAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactories;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactory;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ServiceConnections}.
 */
class ServiceConnectionsTests {

	private static final HostAddress HOST = new HostAddress("localhost", 3306);

	private static final HostAddress OTHER = new HostAddress("localhost", 3307);

	private static final SslBundle BUNDLE = SslBundle.of(SslStoreBundle.NONE);

	@Test
	void findWhenTheHostIsThatOfAServiceReturnsItsBundle() {
		ServiceConnections connections = connections(details("one", "jdbc:mysql://localhost:3307/shop", BUNDLE),
				details("two", "jdbc:mysql://localhost:3306/shop?sslMode=REQUIRED", BUNDLE));
		assertThat(connections.find(List.of(HOST))).isEqualTo(new BundleOrigin.Annotations("two"));
		assertThat(connections.exist()).isTrue();
	}

	@Test
	void findWhenOneHostIsAnotherReturnsNothing() {
		ServiceConnections connections = connections(details("one", "jdbc:mysql://localhost:3306/shop", BUNDLE));
		assertThat(connections.find(List.of(HOST, OTHER))).isNull();
		assertThat(connections.find(List.of(OTHER))).isNull();
		assertThat(connections.find(List.of())).isNull();
	}

	@Test
	void findWhenTheServiceIsAnotherDatabaseReturnsNothing() {
		assertThat(connections(details("one", "jdbc:postgresql://localhost:3306/shop", BUNDLE)).find(List.of(HOST)))
			.isNull();
	}

	@Test
	void findWhenThereIsNoBundleReturnsNothing() {
		ServiceConnections connections = connections(details("one", "jdbc:mysql://localhost:3306/shop", null));
		assertThat(connections.find(List.of(HOST))).isNull();
		assertThat(connections.exist()).isFalse();
	}

	@Test
	void findWhenTheBundleCannotBeMadeLeavesItToItsReader() {
		TlsConnectionDetails broken = new StubDetails("one", "jdbc:mysql://localhost:3306/shop", null) {

			@Override
			public SslBundle sslBundle() {
				throw new IllegalStateException("PEM and JKS");
			}

		};
		assertThat(connections(broken).find(List.of(HOST))).isEqualTo(new BundleOrigin.Annotations("one"));
	}

	@Test
	void bundleIsFoundByTheNameOfItsOriginAlone() {
		ServiceConnections connections = connections(details("one", "jdbc:mysql://localhost:3306/shop", BUNDLE));
		assertThat(connections.getBundleNames()).containsExactly("SSL annotations of container 'one'");
		assertThat(connections.getBundle("SSL annotations of container 'one'")).isSameAs(BUNDLE);
		assertThatExceptionOfType(NoSuchSslBundleException.class).isThrownBy(() -> connections.getBundle("one"));
	}

	@ParameterizedTest
	@CsvSource({ "org.springframework.boot.testcontainers., TestcontainersTlsConnectionDetailsFactory",
			"org.springframework.boot.docker., DockerComposeTlsConnectionDetailsFactory" })
	void factoryWhenItsLibraryIsAbsentIsLeftOut(String absent, String factory) {
		ClassLoader classLoader = new ClassLoaderWithout(absent);
		List<String> failed = new ArrayList<>();
		SpringFactoriesLoader.forDefaultResourceLocation(classLoader)
			.load(ConnectionDetailsFactory.class, (type, name, failure) -> failed.add(name));
		assertThat(failed).filteredOn((name) -> name.startsWith("io.github.dbtls."))
			.containsExactly("io.github.dbtls.autoconfigure." + factory);
		assertThatNoException().isThrownBy(() -> new ConnectionDetailsFactories(classLoader));
	}

	@Test
	void factoryWhenThereAreContainersOfOtherKindsOnlyMakesNothing() {
		ClassLoader classLoader = new ClassLoaderWithout("org.testcontainers.containers.JdbcDatabaseContainer");
		ContainerConnectionSource<?> source = mock(ContainerConnectionSource.class);
		ConnectionDetailsFactories factories = new ConnectionDetailsFactories(classLoader);
		assertThat(factories.getConnectionDetails(source, false)).isEmpty();
	}

	private static ServiceConnections connections(TlsConnectionDetails... details) {
		DefaultListableBeanFactory factory = new DefaultListableBeanFactory();
		for (TlsConnectionDetails each : details) {
			factory.registerSingleton(each.origin().name(), each);
		}
		return new ServiceConnections(factory.getBeanProvider(TlsConnectionDetails.class));
	}

	private static TlsConnectionDetails details(String container, String url, @Nullable SslBundle bundle) {
		return new StubDetails(container, url, bundle);
	}

	private static class StubDetails implements TlsConnectionDetails {

		private final String container;

		private final String url;

		private final @Nullable SslBundle bundle;

		StubDetails(String container, String url, @Nullable SslBundle bundle) {
			this.container = container;
			this.url = url;
			this.bundle = bundle;
		}

		@Override
		public BundleOrigin origin() {
			return new BundleOrigin.Annotations(this.container);
		}

		@Override
		public @Nullable SslBundle sslBundle() {
			return this.bundle;
		}

		@Override
		public String jdbcUrl() {
			return this.url;
		}

	}

	/**
	 * Loads the classes of dbtls itself, so that those which they need are asked of it.
	 */
	private static final class ClassLoaderWithout extends ClassLoader {

		private final String absent;

		ClassLoaderWithout(String absent) {
			super(ServiceConnectionsTests.class.getClassLoader());
			this.absent = absent;
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (name.startsWith(this.absent)) {
				throw new ClassNotFoundException(name);
			}
			return name.startsWith("io.github.dbtls.") ? define(name) : super.loadClass(name, resolve);
		}

		private Class<?> define(String name) throws ClassNotFoundException {
			Class<?> loaded = findLoadedClass(name);
			try (InputStream input = getResourceAsStream(name.replace('.', '/') + ".class")) {
				byte[] bytes = (loaded != null || input == null) ? new byte[0] : input.readAllBytes();
				return (loaded != null) ? loaded : defineClass(name, bytes, 0, bytes.length);
			}
			catch (IOException ex) {
				throw new ClassNotFoundException(name, ex);
			}
		}

	}

}
