package io.github.dbtls.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Properties;
import java.util.UUID;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManagerFactory;

import com.mysql.cj.NativeSession;
import com.mysql.cj.jdbc.JdbcConnection;

/**
 * MySQL Connector/J with {@link BareSocketFactory}: the same round trips as stock
 * Connector/J over a bare JSSE handshake.
 */
final class BareJsse implements Variant {

	/** The handshakes alone, without what comes before and after. */
	static final String RESUMED_HANDSHAKE = "bare JSSE handshake alone, resumed";

	static final String FIRST_HANDSHAKE = "bare JSSE handshake alone, not resumed";

	private final boolean forgetful;

	private final Driver driver = StockDriver.driver();

	private final SSLSessionContext sessions;

	private final String url;

	private final Properties properties;

	BareJsse(Leg leg, boolean forgetful) {
		this.forgetful = forgetful;
		SSLContext context = context(leg);
		this.sessions = context.getClientSessionContext();
		String id = UUID.randomUUID().toString();
		BareSocketFactory.register(id, context, leg.tls());
		this.url = leg.server().jdbcUrl();
		this.properties = leg.server().account().properties();
		this.properties.setProperty("sslMode", "VERIFY_IDENTITY");
		this.properties.setProperty("socketFactory", BareSocketFactory.class.getName());
		this.properties.setProperty(BareSocketFactory.CONTEXT, id);
	}

	private static SSLContext context(Leg leg) {
		try (InputStream input = Files.newInputStream(leg.server().trust().pem())) {
			KeyStore store = KeyStore.getInstance("PKCS12");
			store.load(null, null);
			for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(input)) {
				store.setCertificateEntry("ca-" + store.size(), certificate);
			}
			TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
			factory.init(store);
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, factory.getTrustManagers(), null);
			return context;
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException("Unable to make an SSL context", ex);
		}
	}

	@Override
	public String name() {
		return this.forgetful ? "bare JSSE, not resumed" : "bare JSSE, resumed";
	}

	@Override
	public Connection open() throws SQLException {
		return this.driver.connect(this.url, this.properties);
	}

	@Override
	public boolean isResumed(Connection connection) throws SQLException {
		return connection.unwrap(JdbcConnection.class).getSession() instanceof NativeSession session
				&& session.getProtocol().getSocketConnection().getSocketFactory() instanceof BareSocketFactory factory
				&& factory.isResumed();
	}

	@Override
	public void afterClose() {
		if (this.forgetful) {
			for (byte[] id : Collections.list(this.sessions.getIds())) {
				SSLSession session = this.sessions.getSession(id);
				if (session != null) {
					session.invalidate();
				}
			}
		}
	}

	/**
	 * Return the operation "open a connection" of which the handshake alone is measured.
	 * @return the contestant
	 */
	Contestant handshakeAlone() {
		return new Contestant(this.forgetful ? FIRST_HANDSHAKE : RESUMED_HANDSHAKE, (meter) -> {
			BareSocketFactory.measureHandshakes(meter);
			try {
				open().close();
			}
			finally {
				BareSocketFactory.measureHandshakes(null);
			}
			afterClose();
		});
	}

}
