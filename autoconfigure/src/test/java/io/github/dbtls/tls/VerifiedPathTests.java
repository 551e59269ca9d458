package io.github.dbtls.tls;

import java.security.cert.CertPath;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.TestCertificates;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link VerifiedPath}.
 */
class VerifiedPathTests {

	private static final Authority authority = TestCertificates.authority("CN=Shop CA");

	private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

	@Test
	void holdsForNoMoreThanAnHourEitherWay() throws Exception {
		VerifiedPath path = path(authority.server("localhost").certificate());
		assertThat(path.authority()).isEqualTo(authority.certificate());
		assertThat(path.holdsAt(this.now)).isTrue();
		assertThat(path.holdsAt(this.now.plus(Duration.ofHours(1)))).isTrue();
		assertThat(path.holdsAt(this.now.plus(Duration.ofHours(1)).plusMillis(1))).isFalse();
		assertThat(path.holdsAt(this.now.minus(Duration.ofHours(1)))).isTrue();
		assertThat(path.holdsAt(this.now.minus(Duration.ofHours(1)).minusMillis(1))).isFalse();
	}

	@Test
	void holdsWithinTheDatesOfItsCertificates() throws Exception {
		X509Certificate brief = authority.issue("CN=localhost")
			.notBefore(this.now.minusSeconds(60))
			.notAfter(this.now.plusSeconds(60))
			.identity()
			.certificate();
		VerifiedPath path = path(brief);
		assertThat(path.holdsAt(this.now.plusSeconds(60))).isTrue();
		assertThat(path.holdsAt(this.now.plusSeconds(61))).isFalse();
		assertThat(path.holdsAt(this.now.minusSeconds(60))).isTrue();
		assertThat(path.holdsAt(this.now.minusSeconds(61))).isFalse();
	}

	private VerifiedPath path(X509Certificate leaf) throws Exception {
		CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(leaf));
		return VerifiedPath.of(path, authority.certificate(), this.now);
	}

}
