package io.github.dbtls.autoconfigure;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.dbtls.CertificateExpiryEvent;
import io.github.dbtls.CertificateRole;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.CertificateBuilder.Purpose;
import io.github.dbtls.testkit.FakeMySqlServer;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.MovableClock;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import io.github.dbtls.tls.ExpiryRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ExpiryNotices}, with real handshakes.
 */
@ExtendWith(OutputCaptureExtension.class)
class ExpiryNoticesTests {

	private static final Authority authority = TestCertificates.selfSigned("CN=Shop CA")
		.expiresIn(Duration.ofDays(400))
		.authority();

	private final MovableClock clock = new MovableClock();

	private final List<Object> events = new ArrayList<>();

	@Test
	void certificateIsToldOnceInTheLogAndDailyAsAnEvent(CapturedOutput output) throws Exception {
		Identity server = authority.issue("CN=db").names("localhost").expiresIn(Duration.ofDays(100)).identity();
		try (TestPool pool = TestPool.of(ExpiryRule.DEFAULT, authority.certificate());
				FakeMySqlServer fake = FakeMySqlServer.tls(server).start()) {
			ExpiryNotices notices = connected(pool, fake);
			look(notices, Duration.ofDays(80));
			assertThat(this.events).isEmpty();
			look(notices, Duration.ofDays(7));
			assertThat(this.events).singleElement().isInstanceOfSatisfying(CertificateExpiryEvent.class, (event) -> {
				assertThat(event.dataSource()).isEqualTo("orders");
				assertThat(event.time()).isEqualTo(this.clock.instant());
				assertThat(event.certificate()).isEqualTo(CertificateRole.SERVER);
				assertThat(event.subject()).isEqualTo("CN=db");
				assertThat(event.hosts()).containsExactly("localhost:" + fake.port());
				assertThat(event.notAfter()).isEqualTo(server.certificate().getNotAfter().toInstant());
				assertThat(event.remaining()).isBetween(Duration.ofDays(12), Duration.ofDays(13));
			});
			for (int hour = 1; hour < 24; hour++) {
				look(notices, Duration.ofHours(1));
			}
			assertThat(this.events).hasSize(1);
			look(notices, Duration.ofHours(1));
			assertThat(this.events).hasSize(2);
			look(notices, Duration.ofDays(20));
			assertThat(this.events).hasSize(3);
			assertThat(((CertificateExpiryEvent) this.events.get(2)).remaining()).isNegative();
		}
		assertThat(output).containsOnlyOnce("orders: the certificate of the server at localhost:")
			.contains(" (CN=db) expires on ",
					", in 12 days. No connection can be opened after that: have it renewed at " + "the server.");
	}

	@Test
	void renewedCertificateIsNews(CapturedOutput output) throws Exception {
		try (TestPool pool = TestPool.of(ExpiryRule.DEFAULT, authority.certificate());
				FakeMySqlServer fake = FakeMySqlServer.tls(soon("CN=one")).start()) {
			ExpiryNotices notices = connected(pool, fake);
			look(notices, Duration.ZERO);
			fake.use(soon("CN=two"));
			pool.connect(fake.jdbcUrl()).close();
			look(notices, Duration.ZERO);
			assertThat(this.events).extracting((event) -> ((CertificateExpiryEvent) event).subject())
				.containsExactly("CN=one", "CN=two");
			fake.use(authority.server("localhost"));
			pool.connect(fake.jdbcUrl()).close();
			look(notices, Duration.ofDays(1));
			assertThat(this.events).hasSize(2);
		}
		assertThat(output).contains("(CN=one) expires on", "(CN=two) expires on");
	}

	@Test
	void authorityChainAndClientAreToldByWhatTheyAre(CapturedOutput output) throws Exception {
		Authority root = TestCertificates.selfSigned("CN=Old root").expiresIn(Duration.ofDays(3)).authority();
		Authority intermediate = root.issue("CN=Between").expiresIn(Duration.ofDays(2)).authority();
		Identity client = authority.issue("CN=app")
			.purposes(Purpose.CLIENT_AUTH)
			.expiresIn(Duration.ofHours(30))
			.identity();
		try (TestPool pool = TestPool.withClient(client, TlsVersion.TLS_1_3, root.certificate());
				FakeMySqlServer fake = FakeMySqlServer.tls(intermediate.server("localhost")).start()) {
			look(connected(pool, fake), Duration.ZERO);
			String host = "localhost:" + fake.port();
			assertThat(this.events).extracting((event) -> ((CertificateExpiryEvent) event).certificate())
				.containsExactly(CertificateRole.CHAIN, CertificateRole.ANCHOR, CertificateRole.CLIENT);
			assertThat(output).contains(
					"orders: the certificate of the authority 'CN=Between', which the server at " + host
							+ " sends along, expires on ",
					"orders: the trusted authority 'CN=Old root' of ca.pem, which the certificate of the server at "
							+ host + " leads to, expires on ",
					"have its successor trusted beside it, then let the server change to a certificate of that.",
					"orders: the client certificate 'CN=app' expires on ",
					", in 29 hours. Servers refuse it after that");
		}
	}

	@Test
	void authorityThatNothingLeadsToIsNotTold(CapturedOutput output) throws Exception {
		Authority old = TestCertificates.selfSigned("CN=Old root").expired().authority();
		try (TestPool pool = TestPool.of(ExpiryRule.DEFAULT, old.certificate(), authority.certificate());
				FakeMySqlServer fake = FakeMySqlServer.tls(authority.server("localhost")).start()) {
			look(connected(pool, fake), Duration.ZERO);
		}
		assertThat(this.events).isEmpty();
		assertThat(output).doesNotContain("Old root");
	}

	private static Identity soon(String subject) {
		return authority.issue(subject).names("localhost").expiresIn(Duration.ofDays(3)).identity();
	}

	private ExpiryNotices connected(TestPool pool, FakeMySqlServer server) throws SQLException {
		pool.connect(server.jdbcUrl()).close();
		return new ExpiryNotices(pool.tls(), this.events::add);
	}

	private void look(ExpiryNotices notices, Duration later) {
		this.clock.move(later);
		notices.look(this.clock.instant());
	}

}
