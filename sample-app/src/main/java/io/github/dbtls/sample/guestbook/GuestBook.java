package io.github.dbtls.sample.guestbook;

import java.util.List;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Guest book in the database.
 */
@Repository
class GuestBook {

	private final JdbcClient jdbcClient;

	GuestBook(JdbcClient jdbcClient) {
		this.jdbcClient = jdbcClient;
	}

	void add(GuestBookEntry entry) {
		this.jdbcClient.sql("INSERT INTO dbtls_sample_entry (author, message) VALUES (:author, :message)")
			.param("author", entry.author())
			.param("message", entry.message())
			.update();
	}

	List<GuestBookEntry> latest() {
		return this.jdbcClient
			.sql("SELECT author, message FROM dbtls_sample_entry ORDER BY created_at DESC, id DESC LIMIT 20")
			.query((row, index) -> new GuestBookEntry(row.getString("author"), row.getString("message")))
			.list();
	}

}
