package io.github.dbtls;

import java.util.List;

import io.github.dbtls.BundleOrigin.Annotations;
import io.github.dbtls.BundleOrigin.Labels;
import io.github.dbtls.BundleOrigin.Part;
import io.github.dbtls.BundleOrigin.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link BundleOrigin}: who reads of a mistake is led to what they wrote.
 */
class BundleOriginTests {

	private static final BundleOrigin property = new Property("dbtls.ssl-bundle", "db");

	private static final BundleOrigin annotations = new Annotations("ShopTests.server");

	private static final BundleOrigin labels = new Labels("mysql-1");

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			WHOLE             | *   |                            | the SSL annotations
			TRUST_STORE       | *   | .truststore                | @PemTrustStore or @JksTrustStore
			TRUST_CERTIFICATE | pem | .truststore.certificate    | @PemTrustStore(certificate)
			KEY_STORE         | *   | .keystore                  | @PemKeyStore or @JksKeyStore
			KEY_ALIAS         | *   | .key.alias                 | @Ssl(keyAlias)
			KEY_PASSWORD      | *   | .key.password              | @Ssl(keyPassword)
			ENABLED_PROTOCOLS | *   | .options.enabled-protocols | @Ssl(enabledProtocols)
			CIPHERS           | *   | .options.ciphers           | @Ssl(ciphers)
			PROTOCOL          | *   | .protocol                  | @Ssl(protocol)
			""")
	void settingIsWhereThePartWasWritten(Part part, String type, String key, String annotation) {
		String suffix = (key != null) ? key : "";
		assertThat(property.setting(part)).isEqualTo("spring.ssl.bundle.%s.db%s", type, suffix);
		assertThat(labels.setting(part)).isEqualTo("org.springframework.boot.sslbundle.%s%s", type, suffix);
		assertThat(annotations.setting(part)).isEqualTo(annotation);
	}

	@Test
	void bundleOfAServiceConnectionHasNoProperty() {
		// A space keeps the failure analysis from looking for it in configuration files.
		assertThat(annotations.property()).isEqualTo("SSL annotations of container ShopTests.server");
		assertThat(labels.property()).isEqualTo("SSL labels of Docker Compose service mysql-1");
	}

	@Test
	void bundleOfAPropertyAloneIsUpdated() {
		assertThat(property.isUpdatable()).isTrue();
		assertThat(annotations.isUpdatable()).isFalse();
		assertThat(labels.isUpdatable()).isFalse();
	}

	@Test
	void refusalNamesTheContainerAndTheAnnotation() {
		DbTlsConfigurationException keyRefused = refusal("aws-rds", annotations, true, true);
		assertThat(keyRefused).hasMessage(
				"The SSL annotations of container 'ShopTests.server' make an SSL bundle, which has a private key, but 'dbtls.provider' is 'aws-rds' (Amazon RDS or Aurora MySQL), which takes no client certificate.");
		assertThat(keyRefused.getAction()).startsWith(
				"To show no certificate, remove '@PemKeyStore or @JksKeyStore'. Where a server of your own asks");
		DbTlsConfigurationException trustMissing = refusal("tidb", annotations, false, true);
		assertThat(trustMissing).hasMessage(
				"The SSL annotations of container 'ShopTests.server' make an SSL bundle, which has no trust store. Provider 'tidb' (TiDB (self-managed)) has certificate authorities of its own, which no JVM trusts.");
		assertThat(trustMissing.getAction())
			.isEqualTo("Set '@PemTrustStore(certificate)' to the file that the provider gives you.");
	}

	@Test
	void refusalNamesTheServiceAndTheLabel() {
		DbTlsConfigurationException trustMissing = refusal("tidb", labels, false, true);
		assertThat(trustMissing).hasMessageStartingWith(
				"The SSL labels of Docker Compose service 'mysql-1' make an SSL bundle, which has no trust store.");
		assertThat(trustMissing.getAction()).isEqualTo(
				"Set 'org.springframework.boot.sslbundle.pem.truststore.certificate' to the file that the provider gives you.");
	}

	@Test
	void refusalOfTrustThatIsNotUsedSaysWhatToRemove() {
		DbTlsConfigurationException ex = catchThrowableOfType(DbTlsConfigurationException.class,
				() -> UserSettings.none()
					.sslMode(SslMode.REQUIRED)
					.sslBundle(bundle(annotations, true, false))
					.decideFor("mysql"));
		assertThat(ex.getAction()).isEqualTo(
				"Set 'dbtls.ssl-mode' to 'verify-ca' or 'verify-identity', or remove '@PemTrustStore or @JksTrustStore'.");
	}

	@Test
	void policySaysWhereTrustBelongs() {
		TlsPolicy policy = UserSettings.none().sslBundle(bundle(annotations, true, false)).decideFor("mysql");
		assertThat(policy.trustProperty()).isEqualTo("@PemTrustStore or @JksTrustStore");
		assertThat(policy.trust()).hasToString("SSL annotations of container 'ShopTests.server'");
	}

	private static DbTlsConfigurationException refusal(String provider, BundleOrigin origin, boolean trust,
			boolean key) {
		DbTlsConfigurationException ex = catchThrowableOfType(DbTlsConfigurationException.class,
				() -> UserSettings.none().sslBundle(bundle(origin, trust, key)).decideFor(provider));
		assertThat(ex.getProperty()).isEqualTo(origin.property());
		return ex;
	}

	private static TlsSettings.Bundle bundle(BundleOrigin origin, boolean trust, boolean key) {
		return new TlsSettings.Bundle(origin, List.of(), List.of(), trust, key);
	}

}
