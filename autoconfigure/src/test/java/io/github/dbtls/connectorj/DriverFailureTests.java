package io.github.dbtls.connectorj;

import java.net.BindException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;

import io.github.dbtls.HandshakeFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DriverFailure}.
 */
class DriverFailureTests {

	@ParameterizedTest
	@CsvSource({ "Network is unreachable, UNREACHABLE", "Network unreachable, UNREACHABLE",
			"Operation not permitted, UNREACHABLE", "Too many open files, UNREACHABLE",
			"Connection reset, CONNECTION_CLOSED", "Broken pipe, CONNECTION_CLOSED" })
	void classifyWhenSocketFailedTellsConnectingFromHangingUp(String message, HandshakeFailure expected) {
		SQLException thrown = new SQLException("Communications link failure", new SocketException(message));
		assertThat(DriverFailure.classify(thrown)).isEqualTo(expected);
	}

	@Test
	void classifyWhenNoLocalAddressIsLeftIsUnreachable() {
		SQLException thrown = new SQLException("Communications link failure",
				new BindException("Cannot assign requested address"));
		assertThat(DriverFailure.classify(thrown)).isEqualTo(HandshakeFailure.UNREACHABLE);
	}

	@ParameterizedTest
	@CsvSource({ "Connect timed out, UNREACHABLE", "connect timed out, UNREACHABLE",
			"Read timed out, HANDSHAKE_TIMEOUT" })
	void classifyWhenTimedOutTellsConnectingFromTheHandshake(String message, HandshakeFailure expected) {
		SQLException thrown = new SQLException("Communications link failure", new SocketTimeoutException(message));
		assertThat(DriverFailure.classify(thrown)).isEqualTo(expected);
	}

}
