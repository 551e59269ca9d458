package io.github.dbtls.autoconfigure;

import java.util.regex.Pattern;

import io.github.dbtls.BundleOrigin;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionDetailsFactory;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;

/**
 * Keeps what the labels {@code org.springframework.boot.sslbundle.*} of a Docker Compose
 * service say, for those that Boot makes JDBC connection details of Connector/J for.
 */
final class DockerComposeTlsConnectionDetailsFactory
		extends DockerComposeConnectionDetailsFactory<TlsConnectionDetails> {

	private static final int MYSQL_PORT = 3306;

	private static final String LABEL = "org.springframework.boot.sslbundle.";

	/** What a bundle cannot be without. */
	private static final Pattern STORE = Pattern.compile(Pattern.quote(LABEL) + "(jks|pem)\\.(key|trust)store\\..*");

	private static final Pattern JKS_STORE = Pattern
		.compile(Pattern.quote(LABEL) + "jks\\.(key|trust)store\\.location");

	DockerComposeTlsConnectionDetailsFactory() {
		super("mysql");
	}

	@Override
	protected @Nullable TlsConnectionDetails getDockerComposeConnectionDetails(DockerComposeConnectionSource source) {
		RunningService service = source.getRunningService();
		boolean hasStore = service.labels().keySet().stream().anyMatch(STORE.asMatchPredicate());
		return hasStore ? new ServiceTlsConnectionDetails(service) : null;
	}

	/**
	 * The details of a service. What the labels say is read when a pool needs it: they
	 * were ignored before, and a mistake in them must not stop what does without.
	 */
	private static final class ServiceTlsConnectionDetails extends DockerComposeConnectionDetails
			implements TlsConnectionDetails {

		private final RunningService service;

		private ServiceTlsConnectionDetails(RunningService service) {
			super(service);
			this.service = service;
		}

		@Override
		public BundleOrigin origin() {
			return new BundleOrigin.Labels(this.service.name());
		}

		@Override
		public @Nullable SslBundle sslBundle() {
			SslBundle bundle = getSslBundle(this.service);
			return (bundle != null) ? SslBundle.of(bundle.getStores(), key(), bundle.getOptions(), bundle.getProtocol())
					: null;
		}

		// Boot 4.1.1 takes the label of the alias for the password and that of the
		// password for the alias. An alias is no secret, and stands in messages.
		private SslBundleKey key() {
			boolean jks = this.service.labels().keySet().stream().anyMatch(JKS_STORE.asMatchPredicate());
			String prefix = jks ? LABEL + "jks.key." : LABEL + "pem.key.";
			return SslBundleKey.of(this.service.labels().get(prefix + "password"),
					this.service.labels().get(prefix + "alias"));
		}

		@Override
		public String jdbcUrl() {
			return "jdbc:mysql://%s:%d".formatted(this.service.host(), this.service.ports().get(MYSQL_PORT));
		}

	}

}
