package io.github.dbtls.connectorj;

import java.net.SocketTimeoutException;
import java.sql.SQLException;

import io.github.dbtls.HandshakeFailure;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DriverFailure}.
 */
class DriverFailureTests {

	@ParameterizedTest
	@CsvSource({ "Connect timed out, UNREACHABLE", "connect timed out, UNREACHABLE",
			"Read timed out, HANDSHAKE_TIMEOUT" })
	void classifyWhenTimedOutTellsConnectingFromTheHandshake(String message, HandshakeFailure expected) {
		SQLException thrown = new SQLException("Communications link failure", new SocketTimeoutException(message));
		assertThat(DriverFailure.classify(thrown)).isEqualTo(expected);
	}

}
