package io.github.dbtls.actuate;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.Statement;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ServerView}.
 */
class ServerViewTests {

	private final Connection connection = mock(Connection.class);

	private final Statement statement = mock(Statement.class);

	@BeforeEach
	void connect() throws SQLException {
		DatabaseMetaData metaData = mock(DatabaseMetaData.class);
		given(metaData.getDatabaseProductVersion()).willReturn("8.0.0-proxy");
		given(this.connection.getMetaData()).willReturn(metaData);
		given(this.connection.createStatement()).willReturn(this.statement);
	}

	@Test
	void ofWhenTheServerRefusesTheStatementHasTheVersionOnly() throws SQLException {
		given(this.statement.executeQuery(anyString())).willThrow(new SQLException("unsupported", "42000", 1064));
		given(this.connection.isValid(anyInt())).willReturn(true);
		assertThat(ServerView.of(this.connection)).isEqualTo(new ServerView("8.0.0-proxy", null, null));
	}

	@Test
	void ofWhenTheConnectionBrokeFails() throws SQLException {
		given(this.statement.executeQuery(anyString())).willThrow(new SQLException("link failure", "08S01"));
		given(this.connection.isValid(anyInt())).willReturn(true);
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> ServerView.of(this.connection));
	}

	@Test
	void ofWhenTheConnectionIsNotValidAnyMoreFails() throws SQLException {
		given(this.statement.executeQuery(anyString())).willThrow(new SQLException("who knows"));
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> ServerView.of(this.connection));
	}

}
