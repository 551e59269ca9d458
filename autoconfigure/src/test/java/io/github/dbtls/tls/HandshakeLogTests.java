package io.github.dbtls.tls;

import java.time.Duration;
import java.util.List;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HandshakeLog}.
 */
@ExtendWith(OutputCaptureExtension.class)
class HandshakeLogTests {

	private final HandshakeLog log = new HandshakeLog("orders");

	@Test
	void failureWhenRepeatedIsLoggedOnceAndCounted(CapturedOutput output) {
		for (int i = 0; i < 240; i++) {
			this.log.failed(failure("db1", HandshakeFailure.EXPIRED));
		}
		this.log.failed(failure("db1", HandshakeFailure.HOST_NAME_MISMATCH));
		this.log.failed(failure("db2", HandshakeFailure.EXPIRED));
		assertThat(output.getAll().split("WARN", -1)).hasSize(4);
		assertThat(output).contains("orders: description of EXPIRED on db1").contains("action of EXPIRED");
		this.log.succeeded(session("db1"));
		assertThat(output)
			.contains("orders: TLS to db1:3306 succeeds now (TLSv1.3, TLS_AES_256_GCM_SHA384); "
					+ "it had failed 240 times with EXPIRED")
			.contains("it had failed 1 times with HOST_NAME_MISMATCH")
			.doesNotContain("TLS to db2");
	}

	@Test
	void failureWhenConnectionSucceededBetweenIsLoggedAgain(CapturedOutput output) {
		this.log.failed(failure("db1", HandshakeFailure.EXPIRED));
		this.log.succeeded(session("db1"));
		this.log.failed(failure("db1", HandshakeFailure.EXPIRED));
		assertThat(output.getAll().split("WARN", -1)).hasSize(3);
	}

	@Test
	void refusedLoginIsHealedByALoginOnly(CapturedOutput output) {
		for (int i = 0; i < 3; i++) {
			this.log.failed(failure("db1", HandshakeFailure.LOGIN_REFUSED));
			this.log.succeeded(session("db1"));
			this.log.loggedIn("db2", 3306);
		}
		assertThat(output.getAll().split("WARN", -1)).hasSize(2);
		assertThat(output).doesNotContain("INFO");
		this.log.loggedIn("db1", 3306);
		this.log.loggedIn("db1", 3306);
		assertThat(output).containsOnlyOnce("orders: db1:3306 accepts the login now; it was seen to refuse 3 before");
	}

	@Test
	void hostsThatWentAwayDoNotAddUp(CapturedOutput output) {
		for (int i = 0; i <= HandshakeHistory.MOST_HOSTS; i++) {
			this.log.failed(failure("db" + i, HandshakeFailure.UNREACHABLE));
		}
		this.log.succeeded(session("db0"));
		this.log.succeeded(session("db" + HandshakeHistory.MOST_HOSTS));
		assertThat(output).doesNotContain("TLS to db0:3306 succeeds now")
			.contains("TLS to db%d:3306 succeeds now".formatted(HandshakeHistory.MOST_HOSTS));
		this.log.failed(failure("db1", HandshakeFailure.UNREACHABLE));
		assertThat(output.getAll().split("WARN", -1)).hasSize(HandshakeHistory.MOST_HOSTS + 3);
	}

	@Test
	void successWhenNothingFailedIsNotLogged(CapturedOutput output) {
		this.log.succeeded(session("db1"));
		assertThat(output.getAll()).isEmpty();
	}

	private static TlsHandshakeException failure(String host, HandshakeFailure failure) {
		return new TlsHandshakeException(failure, host, 3306, "description of %s on %s".formatted(failure, host),
				"action of " + failure, List.of(), null);
	}

	private static TlsSession session(String host) {
		return new TlsSession(host, 3306, "TLSv1.3", "TLS_AES_256_GCM_SHA384", List.of(), null, false, 1,
				Duration.ofMillis(3));
	}

}
