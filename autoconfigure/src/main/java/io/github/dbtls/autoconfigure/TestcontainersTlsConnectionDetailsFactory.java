package io.github.dbtls.autoconfigure;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.dbtls.BundleOrigin;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.JdbcDatabaseContainer;

import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;

/**
 * Keeps what {@code @PemTrustStore}, {@code @PemKeyStore}, {@code @JksTrustStore},
 * {@code @JksKeyStore} and {@code @Ssl} say beside a {@code @ServiceConnection}.
 */
final class TestcontainersTlsConnectionDetailsFactory
		extends ContainerConnectionDetailsFactory<JdbcDatabaseContainer<?>, TlsConnectionDetails> {

	@Override
	protected boolean sourceAccepts(ContainerConnectionSource<JdbcDatabaseContainer<?>> source,
			Class<?> requiredContainerType, Class<?> requiredConnectionDetailsType) {
		// The 'type' of a @ServiceConnection cannot name ours: it goes where Boot's goes.
		return super.sourceAccepts(source, requiredContainerType, JdbcConnectionDetails.class);
	}

	@Override
	protected @Nullable TlsConnectionDetails getContainerConnectionDetails(
			ContainerConnectionSource<JdbcDatabaseContainer<?>> source) {
		ContainerTlsConnectionDetails details = new ContainerTlsConnectionDetails(source);
		// Boot takes the first details of a type only: that without a bundle must not
		// keep out the one that has it.
		return (details.sslBundle() != null) ? details : null;
	}

	/**
	 * The details of a container.
	 */
	private static final class ContainerTlsConnectionDetails
			extends ContainerConnectionDetails<JdbcDatabaseContainer<?>> implements TlsConnectionDetails {

		/** Boot's words for a bean: {@code Bean 'mysql' defined in …}. */
		private static final Pattern BEAN = Pattern.compile("Bean '([^']+)'.*", Pattern.DOTALL);

		private final BundleOrigin origin;

		private ContainerTlsConnectionDetails(ContainerConnectionSource<JdbcDatabaseContainer<?>> source) {
			super(source);
			String container = String.valueOf(source.getOrigin());
			Matcher bean = BEAN.matcher(container);
			this.origin = new BundleOrigin.Annotations(bean.matches() ? bean.group(1) : container);
		}

		@Override
		public BundleOrigin origin() {
			return this.origin;
		}

		@Override
		public @Nullable SslBundle sslBundle() {
			return getSslBundle();
		}

		@Override
		public String jdbcUrl() {
			return getContainer().getJdbcUrl();
		}

	}

}
