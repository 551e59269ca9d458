package io.github.dbtls.integration;

import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

import javax.sql.DataSource;

import io.github.dbtls.TlsSession;
import io.github.dbtls.connectorj.ConnectionSession;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Threads that make one transaction after the other, and look at the TLS of each
 * connection that they get.
 */
final class RotationLoad implements AutoCloseable {

	static final int THREADS = 8;

	private static final String UPSERT = "INSERT INTO rotation (id, n) VALUES (?, 1) ON DUPLICATE KEY UPDATE n = n + 1";

	private final DataSource pool;

	private final List<Thread> threads = new ArrayList<>();

	private final AtomicLong transactions = new AtomicLong();

	private final List<Throwable> failures = new CopyOnWriteArrayList<>();

	/** Authorities that are no longer trusted, and since when. */
	private final Map<X509Certificate, Long> removed = new ConcurrentHashMap<>();

	private final AtomicLong longestAfterRemoval = new AtomicLong();

	private volatile boolean serverIsDown;

	private volatile boolean stopped;

	RotationLoad(DataSource pool, String name) {
		this.pool = pool;
		for (int i = 0; i < THREADS; i++) {
			int id = i;
			this.threads.add(new Thread(() -> run(id), "load-" + name + "-" + i));
		}
		this.threads.forEach(Thread::start);
	}

	private void run(int id) {
		long expected = -1;
		while (!this.stopped) {
			boolean explained = this.serverIsDown;
			try {
				expected = transact(id, expected);
				this.transactions.incrementAndGet();
				Thread.sleep(10);
			}
			catch (InterruptedException ex) {
				return;
			}
			catch (SQLException | RuntimeException | AssertionError ex) {
				// Whether the last transaction was committed is unknown now.
				expected = -1;
				if (!explained && !this.serverIsDown) {
					this.failures.add(ex);
				}
			}
		}
	}

	private long transact(int id, long expected) throws SQLException {
		try (Connection connection = this.pool.getConnection()) {
			TlsSession session = ConnectionSession.of(connection);
			Long since = this.removed.get(session.anchor());
			if (since != null) {
				this.longestAfterRemoval.accumulateAndGet(System.nanoTime() - since, Math::max);
			}
			connection.setAutoCommit(false);
			try (PreparedStatement update = connection.prepareStatement(UPSERT)) {
				update.setInt(1, id);
				update.executeUpdate();
			}
			long found;
			try (PreparedStatement query = connection.prepareStatement("SELECT n FROM rotation WHERE id = ?")) {
				query.setInt(1, id);
				try (ResultSet rows = query.executeQuery()) {
					rows.next();
					found = rows.getLong(1);
				}
			}
			connection.commit();
			assertThat(expected).as("committed transactions").isIn(-1L, found - 1);
			return found;
		}
	}

	/**
	 * Tell that an authority is no longer trusted.
	 * @param authority the authority
	 */
	void removed(X509Certificate authority) {
		this.removed.put(authority, System.nanoTime());
	}

	/**
	 * Do something that explains failures: those of transactions that overlap with it.
	 * @param restart what to do
	 * @throws Exception if it fails
	 */
	void explain(Restart restart) throws Exception {
		this.serverIsDown = true;
		try {
			restart.run();
			// A transaction that fails after this began after the server was back.
			awaitTransactions(3 * THREADS);
		}
		finally {
			this.serverIsDown = false;
		}
	}

	/**
	 * Wait until so many more transactions were committed.
	 * @param more their number
	 * @throws InterruptedException if interrupted
	 */
	void awaitTransactions(int more) throws InterruptedException {
		long wanted = this.transactions.get() + more;
		long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
		while (this.transactions.get() < wanted) {
			assertThat(System.nanoTime()).as("waited 60 s for transactions; failures: %s", this.failures)
				.isLessThan(end);
			Thread.sleep(10);
		}
	}

	void assertNoFailure() {
		assertThat(this.failures).isEmpty();
	}

	/**
	 * Return how long after the removal of an authority a connection was borrowed that
	 * only this authority vouches for.
	 * @return the longest time
	 */
	Duration longestAfterRemoval() {
		return Duration.ofNanos(this.longestAfterRemoval.get());
	}

	long transactions() {
		return this.transactions.get();
	}

	@Override
	public void close() throws InterruptedException {
		this.stopped = true;
		for (Thread thread : this.threads) {
			thread.join(60_000);
			assertThat(thread.isAlive()).as(thread.getName()).isFalse();
		}
	}

	/**
	 * Something that may fail.
	 */
	@FunctionalInterface
	interface Restart {

		void run() throws Exception;

	}

}
