package io.github.dbtls.sample.journal;

import java.time.Instant;
import java.util.List;

import io.github.dbtls.CertificateExpiryEvent;
import io.github.dbtls.CertificateRole;
import io.github.dbtls.HandshakeFailedEvent;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TrustReloadRefusedEvent;
import io.github.dbtls.TrustRenewedEvent;
import io.github.dbtls.sample.journal.Journal.Kind;
import io.github.dbtls.sample.orders.OrderLoadEvent;
import io.github.dbtls.sample.orders.OrderLoadEvent.News;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SecurityJournal} and {@link OrderJournal}.
 */
class SecurityJournalTests {

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(
			JournalConfiguration.class, SecurityJournal.class, OrderJournal.class);

	@AfterEach
	void close() {
		this.context.close();
	}

	@Test
	void failureIsTold() {
		this.context.publishEvent(failure(HandshakeFailure.UNTRUSTED_ISSUER));
		assertEntry(Kind.REFUSED, "Refused: no trusted authority issued the server's certificate (UNTRUSTED_ISSUER). "
				+ "No password and no query was sent.");
	}

	@Test
	void failureWhoseReasonIsNotTlsIsNoRefusal() {
		this.context.publishEvent(failure(HandshakeFailure.UNREACHABLE));
		assertEntry(Kind.INFO, "Nothing answers where the database should be (UNREACHABLE).");
	}

	@ParameterizedTest
	@EnumSource(HandshakeFailure.class)
	void failureOfEachKindIsSentenceWithItsName(HandshakeFailure failure) {
		assertThat(RefusalText.of(failure)).matches("[A-Z].*\\(%s\\)\\..*".formatted(failure));
	}

	@Test
	void failureThatIsFoundTwiceIsToldOnce() {
		Instant time = Instant.now();
		this.context.publishEvent(new HandshakeFailedEvent("dataSource", time, HandshakeFailure.EXPIRED, "localhost",
				3306, "It expired.", "Renew it."));
		this.context.getBean(SecurityJournal.class).failed(HandshakeFailure.EXPIRED, time);
		assertThat(entries()).hasSize(1);
	}

	@Test
	void renewedTrustIsTold() {
		this.context.publishEvent(new TrustRenewedEvent("dataSource", Instant.now(), 2, "/etc/ca.pem", 1));
		assertEntry(Kind.SERVED, "Trust is renewed: generation 2 with 1 authority from /etc/ca.pem is in force, "
				+ "without a restart.");
	}

	@Test
	void refusedTrustIsTold() {
		this.context.publishEvent(new TrustReloadRefusedEvent("dataSource", Instant.now(), "No certificate", 3));
		assertEntry(Kind.REFUSED, "The changed certificates do not come into force: No certificate. "
				+ "Generation 3 stays, and the application works on.");
	}

	@Test
	void expiryIsTold() {
		Instant now = Instant.parse("2026-11-21T12:00:00Z");
		this.context.publishEvent(new CertificateExpiryEvent("dataSource", now, CertificateRole.SERVER, "CN=db",
				List.of("db:3306"), Instant.parse("2026-11-23T12:00:00Z")));
		assertEntry(Kind.INFO, "The server certificate CN=db expires on 2026-11-23.");
		this.context.publishEvent(new CertificateExpiryEvent("dataSource", now, CertificateRole.ANCHOR, "CN=CA",
				List.of("db:3306"), Instant.parse("2026-11-20T12:00:00Z")));
		assertEntry(Kind.INFO, "The anchor certificate CN=CA expired on 2026-11-20.");
	}

	@Test
	void ordersAreTold() {
		this.context.publishEvent(new OrderLoadEvent(News.WAITING, 11, 0));
		assertEntry(Kind.INFO, "Orders wait: there is no safe connection to place them over. "
				+ "They are tried again until there is.");
		this.context.publishEvent(new OrderLoadEvent(News.SERVED_AGAIN, 48, 0));
		assertEntry(Kind.SERVED, "The 48 orders that had to wait are placed, none is lost.");
		this.context.publishEvent(new OrderLoadEvent(News.SERVED_AGAIN, 1, 2));
		assertEntry(Kind.SERVED, "The order that had to wait is placed, 2 in all are lost.");
		this.context.publishEvent(new OrderLoadEvent(News.TURNED_AWAY, 1000, 0));
		assertEntry(Kind.INFO, "The shop takes no more orders: 1000 wait already.");
		this.context.publishEvent(new OrderLoadEvent(News.GIVEN_UP, 7, 0));
		assertEntry(Kind.INFO, "The application ends, and the 7 orders that wait are given up.");
		this.context.publishEvent(new OrderLoadEvent(News.GIVEN_UP, 1, 0));
		assertEntry(Kind.INFO, "The application ends, and the order that waits is given up.");
		this.context.publishEvent(new OrderLoadEvent(News.LOST, 2, 2));
		assertEntry(Kind.INFO, "2 of the orders that the database acknowledged are not in it.");
	}

	@Test
	void ordersThatAreGivenUpByTheEndOfTheApplicationAreTold() {
		Journal journal;
		try (AnnotationConfigApplicationContext ending = new AnnotationConfigApplicationContext()) {
			ending.register(JournalConfiguration.class, OrderJournal.class);
			ending.registerBean("load", AutoCloseable.class,
					() -> () -> ending.publishEvent(new OrderLoadEvent(News.GIVEN_UP, 7, 0)));
			ending.refresh();
			journal = ending.getBean(Journal.class);
		}
		assertThat(journal.latest()).singleElement()
			.extracting(Journal.Entry::text)
			.isEqualTo("The application ends, and the 7 orders that wait are given up.");
	}

	@Test
	void journalOfBeforeTheRestartGoesOn() {
		Journal earlier = this.context.getBean(Journal.class);
		try (AnnotationConfigApplicationContext restarted = new AnnotationConfigApplicationContext()) {
			restarted.getBeanFactory().registerSingleton("earlierJournal", new EarlierJournal(earlier));
			restarted.register(JournalConfiguration.class);
			restarted.refresh();
			assertThat(restarted.getBean(Journal.class)).isSameAs(earlier);
		}
	}

	private static HandshakeFailedEvent failure(HandshakeFailure failure) {
		return new HandshakeFailedEvent("dataSource", Instant.now(), failure, "localhost", 3306, "Details.", "Do it.");
	}

	private List<Journal.Entry> entries() {
		return this.context.getBean(Journal.class).latest();
	}

	private void assertEntry(Kind kind, String text) {
		assertThat(entries()).first().extracting(Journal.Entry::kind, Journal.Entry::text).containsExactly(kind, text);
	}

}
