package io.github.dbtls.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Properties;

import org.jspecify.annotations.Nullable;

/**
 * MySQL Connector/J by itself, verifying the server as strictly as it can, with a trust
 * store of the kind that it takes.
 */
final class StockDriver implements Variant {

	static final String MANY = "stock, PKCS#12 of %d CAs".formatted(TrustFiles.MANY);

	static final String PLAIN_TEXT = "plain text";

	private final String name;

	private final Driver driver;

	private final String url;

	private final Properties properties;

	private StockDriver(String name, Leg leg) {
		this.name = name;
		this.driver = driver();
		this.url = leg.server().jdbcUrl();
		this.properties = leg.server().account().properties();
	}

	static StockDriver base(Leg leg) {
		return verifying(BASE, leg, leg.server().trust().pkcs12(), "PKCS12", TrustFiles.PASSWORD);
	}

	static StockDriver jks(Leg leg) {
		return verifying("stock, JKS of one CA", leg, leg.server().trust().jks(), "JKS", TrustFiles.PASSWORD);
	}

	static StockDriver withoutPassword(Leg leg) {
		return verifying("stock, PKCS#12 without password", leg, leg.server().trust().pkcs12WithoutPassword(), "PKCS12",
				null);
	}

	static StockDriver many(Leg leg) {
		return verifying(MANY, leg, leg.server().trust().manyPkcs12(), "PKCS12", TrustFiles.PASSWORD);
	}

	/**
	 * Return the variant without TLS, the floor of what a connection costs.
	 * @param leg where
	 * @return the variant
	 */
	static StockDriver plainText(Leg leg) {
		StockDriver variant = new StockDriver(PLAIN_TEXT, leg);
		variant.properties.setProperty("sslMode", "DISABLED");
		variant.properties.setProperty("allowPublicKeyRetrieval", "true");
		return variant;
	}

	private static StockDriver verifying(String name, Leg leg, Path trust, String type, @Nullable String password) {
		StockDriver variant = new StockDriver(name, leg);
		variant.properties.setProperty("sslMode", "VERIFY_IDENTITY");
		variant.properties.setProperty("tlsVersions", leg.tls());
		variant.properties.setProperty("fallbackToSystemTrustStore", "false");
		variant.properties.setProperty("trustCertificateKeyStoreUrl", trust.toUri().toString());
		variant.properties.setProperty("trustCertificateKeyStoreType", type);
		if (password != null) {
			variant.properties.setProperty("trustCertificateKeyStorePassword", password);
		}
		return variant;
	}

	static Driver driver() {
		try {
			return new com.mysql.cj.jdbc.Driver();
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Unable to load MySQL Connector/J", ex);
		}
	}

	@Override
	public String name() {
		return this.name;
	}

	String url() {
		return this.url;
	}

	Properties properties() {
		return this.properties;
	}

	@Override
	public Connection open() throws SQLException {
		return this.driver.connect(this.url, this.properties);
	}

}
