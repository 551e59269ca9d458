package io.github.dbtls;

import java.net.URI;

import io.github.dbtls.Provider.Trust;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Provider}.
 */
class ProviderTests {

	@Test
	void buildWhenOnlyTheIdIsGivenIsStrict() {
		Provider provider = Provider.withId("acme").build();
		assertThat(provider.id()).isEqualTo("acme");
		assertThat(provider.name()).isEqualTo("acme");
		assertThat(provider.documentation()).isNull();
		assertThat(provider.trust()).isEqualTo(Trust.SYSTEM_ROOTS);
		assertThat(provider.caPath()).isNull();
		assertThat(provider.caPassword()).isNull();
		assertThat(provider.sslMode()).isEqualTo(SslMode.VERIFY_IDENTITY);
		assertThat(provider.lowestSslMode()).isEqualTo(SslMode.VERIFY_IDENTITY);
		assertThat(provider.tlsVersions()).containsExactly(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3);
		assertThat(provider.acceptsClientCertificate()).isFalse();
		assertThat(provider.isOwnHostName("anything")).isTrue();
		assertThat(provider.isPublicHostName("anything")).isFalse();
		assertThat(provider.isUserName("anybody")).isTrue();
		assertThat(provider.userNameHint()).isNull();
		assertThat(provider.remedy(HandshakeFailure.EXPIRED)).isNull();
	}

	@Test
	void buildWhenAllIsGivenHasAll() {
		Provider provider = Provider.withId("acme-mysql")
			.name("Acme MySQL")
			.documentation("https://acme.example/tls")
			.caFile("classpath:acme.pem")
			.caPassword("hidden-word")
			.sslMode(SslMode.VERIFY_CA)
			.lowestSslMode(SslMode.REQUIRED)
			.tlsVersions(TlsVersion.TLS_1_3)
			.clientCertificate()
			.hostNames(".*\\.acme\\.example")
			.publicHostNames("public\\..*")
			.userNames("acme_.*", "Names begin with 'acme_'.")
			.remedy(HandshakeFailure.EXPIRED, "Call Acme.")
			.build();
		assertThat(provider.name()).isEqualTo("Acme MySQL");
		assertThat(provider.documentation()).isEqualTo(URI.create("https://acme.example/tls"));
		assertThat(provider.trust()).isEqualTo(Trust.CA_FILE);
		assertThat(provider.caPath()).isEqualTo("classpath:acme.pem");
		assertThat(provider.caPassword()).isEqualTo("hidden-word");
		assertThat(provider.sslMode()).isEqualTo(SslMode.VERIFY_CA);
		assertThat(provider.lowestSslMode()).isEqualTo(SslMode.REQUIRED);
		assertThat(provider.tlsVersions()).containsExactly(TlsVersion.TLS_1_3).isUnmodifiable();
		assertThat(provider.acceptsClientCertificate()).isTrue();
		assertThat(provider.isOwnHostName("DB.acme.example")).isTrue();
		assertThat(provider.isOwnHostName("db.acme.example.evil.example")).isFalse();
		assertThat(provider.isPublicHostName("Public.acme.example")).isTrue();
		assertThat(provider.isPublicHostName("not.public.acme.example")).isFalse();
		assertThat(provider.isUserName("acme_app")).isTrue();
		assertThat(provider.isUserName("ACME_app")).isFalse();
		assertThat(provider.userNameHint()).isEqualTo("Names begin with 'acme_'.");
		assertThat(provider.remedy(HandshakeFailure.EXPIRED)).isEqualTo("Call Acme.");
		assertThat(provider.remedy(HandshakeFailure.OTHER)).isNull();
		assertThat(provider).hasToString("acme-mysql");
	}

	@Test
	void caFileWhenWithoutLocationLeavesItToTheUser() {
		Provider provider = Provider.withId("acme").caFile("classpath:acme.pem").caFile().build();
		assertThat(provider.trust()).isEqualTo(Trust.CA_FILE);
		assertThat(provider.caPath()).isNull();
	}

	@Test
	void buildWhenTheBuilderIsUsedAgainLeavesEarlierProvidersAlone() {
		Provider.Builder builder = Provider.withId("acme").remedy(HandshakeFailure.EXPIRED, "First.");
		Provider first = builder.build();
		builder.remedy(HandshakeFailure.EXPIRED, "Second.").tlsVersions(TlsVersion.TLS_1_3).build();
		assertThat(first.remedy(HandshakeFailure.EXPIRED)).isEqualTo("First.");
		assertThat(first.tlsVersions()).hasSize(2);
	}

	@Test
	void sslModeWhenNoFloorIsGivenIsTheFloor() {
		Provider provider = Provider.withId("acme").sslMode(SslMode.VERIFY_CA).build();
		assertThat(provider.lowestSslMode()).isEqualTo(SslMode.VERIFY_CA);
	}

	@ParameterizedTest
	@CsvSource({ "VERIFY_CA, VERIFY_IDENTITY, verify-ca, verify-identity" })
	void buildWhenTheFloorIsAboveTheDefaultFails(SslMode mode, SslMode lowest, String modeName, String lowestName) {
		Provider.Builder builder = Provider.withId("acme").sslMode(mode).lowestSslMode(lowest);
		assertThatIllegalStateException().isThrownBy(builder::build)
			.withMessage("Provider 'acme': the default mode %s is below its own floor %s", modeName, lowestName);
	}

	@Test
	void buildWhenTheDefaultVerifiesNothingFails() {
		Provider.Builder builder = Provider.withId("acme").sslMode(SslMode.REQUIRED);
		assertThatIllegalStateException().isThrownBy(builder::build)
			.withMessage("Provider 'acme': required verifies nothing, and is never a default; "
					+ "as lowestSslMode, users can ask for it");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "Acme", "acme_mysql", "acme--mysql", "-acme", "acme-", "acme mysql", "acmé",
			"acme.mysql", "acme\n" })
	void withIdWhenNotOfTheFormFails(String id) {
		assertThatIllegalArgumentException().isThrownBy(() -> Provider.withId(id))
			.withMessage("'%s' is no id of a provider: use lower case letters, digits and single dashes", id);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", "8", "acme-mysql-8", "mysql8" })
	void withIdWhenOfTheFormIsTaken(String id) {
		assertThat(Provider.withId(id).build().id()).isEqualTo(id);
	}

	@ParameterizedTest
	@NullSource
	@SuppressWarnings("NullAway")
	void setterWhenNullFails(String value) {
		Provider.Builder builder = Provider.withId("acme");
		assertThatExceptionOfType(NullPointerException.class).isThrownBy(() -> builder.name(value));
		assertThatExceptionOfType(NullPointerException.class).isThrownBy(() -> builder.caFile(value));
		assertThatExceptionOfType(NullPointerException.class).isThrownBy(() -> builder.caPassword(value));
		assertThatExceptionOfType(NullPointerException.class).isThrownBy(() -> builder.documentation(value));
		assertThatExceptionOfType(NullPointerException.class).isThrownBy(() -> builder.hostNames(value));
		assertThatExceptionOfType(NullPointerException.class).isThrownBy(() -> builder.userNames(".*", value));
	}

	@Test
	void equalsComparesIds() {
		Provider one = Provider.withId("acme").build();
		Provider same = Provider.withId("acme").name("Acme").build();
		assertThat(one).isEqualTo(same).hasSameHashCodeAs(same);
		assertThat(one).isNotEqualTo(Provider.withId("other").build()).isNotEqualTo("acme");
	}

}
