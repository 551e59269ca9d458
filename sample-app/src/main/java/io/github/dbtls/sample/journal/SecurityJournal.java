package io.github.dbtls.sample.journal;

import java.time.Instant;
import java.util.Locale;

import io.github.dbtls.CertificateExpiryEvent;
import io.github.dbtls.HandshakeFailedEvent;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TrustReloadRefusedEvent;
import io.github.dbtls.TrustRenewedEvent;
import io.github.dbtls.sample.journal.Journal.Kind;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Writes down what dbtls tells about the security of connections.
 */
@Component
public class SecurityJournal {

	private final Journal journal;

	SecurityJournal(Journal journal) {
		this.journal = journal;
	}

	@EventListener
	void on(HandshakeFailedEvent event) {
		failed(event.failure(), event.time());
	}

	/**
	 * Write down that a connection could not be had. The event tells of the same reason
	 * once a minute at most; a page of demonstrations wants to hear of it each time that
	 * something changed in between.
	 * @param failure the reason
	 * @param time when
	 */
	public void failed(HandshakeFailure failure, Instant time) {
		this.journal.recordOnce(time, RefusalText.isRefusal(failure) ? Kind.REFUSED : Kind.INFO,
				RefusalText.of(failure));
	}

	@EventListener
	void on(TrustRenewedEvent event) {
		this.journal.record(Kind.SERVED,
				"Trust is renewed: generation %d with %s from %s is in force, without a restart.".formatted(
						event.generation(), count(event.certificates(), "authority", "authorities"), event.source()));
	}

	@EventListener
	void on(TrustReloadRefusedEvent event) {
		this.journal.record(Kind.REFUSED,
				"The changed certificates do not come into force: %s Generation %d stays, and the application works on."
					.formatted(sentence(event.reason()), event.generation()));
	}

	@EventListener
	void on(CertificateExpiryEvent event) {
		String role = event.certificate().name().toLowerCase(Locale.ROOT);
		this.journal.record(Kind.INFO, "The %s certificate %s %s on %s.".formatted(role, event.subject(),
				event.remaining().isNegative() ? "expired" : "expires", event.notAfter().toString().substring(0, 10)));
	}

	private static String count(int number, String one, String many) {
		return number + " " + ((number == 1) ? one : many);
	}

	private static String sentence(String reason) {
		return reason.endsWith(".") ? reason : reason + ".";
	}

}
