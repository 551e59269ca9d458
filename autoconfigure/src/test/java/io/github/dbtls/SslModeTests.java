package io.github.dbtls;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SslMode}.
 */
class SslModeTests {

	@Test
	void orderIsWeakestFirst() {
		assertThat(SslMode.values()).containsExactly(SslMode.REQUIRED, SslMode.VERIFY_CA, SslMode.VERIFY_IDENTITY);
	}

	@Test
	void isWeakerThanComparesWhatIsProven() {
		assertThat(SslMode.REQUIRED.isWeakerThan(SslMode.VERIFY_CA)).isTrue();
		assertThat(SslMode.VERIFY_CA.isWeakerThan(SslMode.VERIFY_IDENTITY)).isTrue();
		assertThat(SslMode.VERIFY_CA.isWeakerThan(SslMode.VERIFY_CA)).isFalse();
		assertThat(SslMode.VERIFY_IDENTITY.isWeakerThan(SslMode.REQUIRED)).isFalse();
	}

	@Test
	void isVerifyingIsTrueForAllButRequired() {
		assertThat(SslMode.values()).filteredOn(SslMode::isVerifying)
			.containsExactly(SslMode.VERIFY_CA, SslMode.VERIFY_IDENTITY);
	}

	@Test
	void propertyValueIsTheOneOfYaml() {
		assertThat(SslMode.values()).extracting(SslMode::propertyValue)
			.containsExactly("required", "verify-ca", "verify-identity");
	}

}
