package io.github.dbtls.integration;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.integration.ShopApplication.Findings;
import io.github.dbtls.testkit.Evidence;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A provider in the shape that its cloud has, as the properties of an application of it.
 */
final class Shape {

	private static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");

	private final LiveServer server;

	private final String provider;

	private final String host;

	private final String query;

	private final Map<String, String> properties;

	private final Function<Map<String, String>, Findings> application;

	private Shape(LiveServer server, String provider, String host, String query, Map<String, String> properties,
			Function<Map<String, String>, Findings> application) {
		this.server = server;
		this.provider = provider;
		this.host = host;
		this.query = query;
		this.properties = Map.copyOf(properties);
		this.application = application;
	}

	/**
	 * Describe an application of a provider, in this JVM, that knows the server as
	 * {@code localhost}.
	 * @param provider the id of the provider
	 * @param server the server
	 * @return the shape
	 */
	static Shape of(String provider, LiveServer server) {
		return new Shape(server, provider, "localhost", "", Map.of("dbtls.provider", provider,
				"spring.datasource.username", server.user(), "spring.datasource.password", server.password()),
				ShopApplication::run);
	}

	/**
	 * Return the same with another property.
	 * @param name its name
	 * @param value its value
	 * @return the new shape
	 */
	Shape with(String name, String value) {
		Map<String, String> all = new LinkedHashMap<>(this.properties);
		all.put(name, value);
		return new Shape(this.server, this.provider, this.host, this.query, all, this.application);
	}

	/**
	 * Return the same with a certificate file.
	 * @param file the file
	 * @return the new shape
	 */
	Shape trusting(Path file) {
		return with("dbtls.ca-path", file.toString());
	}

	/**
	 * Return the same with another user.
	 * @param name his name
	 * @return the new shape
	 */
	Shape as(String name) {
		return with("spring.datasource.username", name);
	}

	/**
	 * Return the same with another name or address of the server.
	 * @param name the name in the JDBC URL
	 * @return the new shape
	 */
	Shape at(String name) {
		return new Shape(this.server, this.provider, name, this.query, this.properties, this.application);
	}

	/**
	 * Return the same with the application in a JVM of its own.
	 * @param jvm the JVM
	 * @return the new shape
	 */
	Shape in(ApplicationJvm jvm) {
		return new Shape(this.server, this.provider, this.host, this.query, this.properties, jvm::run);
	}

	private Shape on(LiveServer other) {
		return new Shape(other, this.provider, this.host, this.query, this.properties, this.application);
	}

	private Shape withQuery(String parameters) {
		return new Shape(this.server, this.provider, this.host, parameters, this.properties, this.application);
	}

	Map<String, String> properties() {
		Map<String, String> all = new TreeMap<>(this.properties);
		all.put("spring.datasource.url",
				"jdbc:mysql://%s:%d/%s%s".formatted(this.host, this.server.port(), this.server.database(), this.query));
		return all;
	}

	private Findings run() {
		return this.application.apply(properties());
	}

	/**
	 * See that it works with both versions of TLS, whether the server demands TLS or not.
	 * @param sslMode the mode that it works in
	 * @return what was found last
	 */
	Findings assertWorks(String sslMode) {
		Findings last = null;
		for (boolean required : new boolean[] { true, false }) {
			this.server.requireSecureTransport(required);
			for (String version : VERSIONS) {
				last = with("dbtls.tls-versions", version).assertConnects(sslMode, version);
			}
		}
		return last;
	}

	/**
	 * See that it works as it is.
	 * @param sslMode the mode that it works in
	 * @return what was found
	 */
	Findings assertConnects(String sslMode) {
		return assertConnects(sslMode, VERSIONS.get(0));
	}

	private Findings assertConnects(String sslMode, String version) {
		Findings findings = run();
		assertThat(findings.startupFailure()).isNull();
		assertThat(findings.failure()).isNull();
		assertThat(findings.rows()).containsExactly("茶", "coffee");
		assertThat(findings.client().protocol()).isEqualTo(findings.server().protocol()).isEqualTo(version);
		assertThat(essence(findings.client().cipher())).isEqualTo(essence(findings.server().cipher()));
		assertThat(findings.status()).as("%s", findings.health()).isEqualTo("UP");
		assertThat(findings.details()).containsEntry("provider", this.provider)
			.containsEntry("sslMode", sslMode)
			.containsEntry("verified", !sslMode.equals("required"))
			.containsEntry("protocol", version)
			.containsEntry("cipher", findings.client().cipher())
			.containsEntry("host", this.host + ":" + this.server.port())
			.doesNotContainKeys("proxied", "error");
		assertThat(findings.detail("server")).containsEntry("protocol", version)
			.containsEntry("cipher", findings.server().cipher());
		Evidence.of(Evidence.Kind.SERVER, this.server.name());
		findings.versions().forEach((product, number) -> Evidence.of(Evidence.Kind.VERSION, product + " " + number));
		return findings;
	}

	/**
	 * Reduce a name of a cipher suite to what IANA, OpenSSL and wolfSSL agree upon. It
	 * shares no code with what it tests.
	 */
	private static String essence(String cipher) {
		return cipher.toUpperCase(Locale.ROOT)
			.replaceFirst("^TLS(13-|_)", "")
			.replace("_WITH_", "_")
			.replaceAll("(CHACHA20.POLY1305)_SHA256$", "$1")
			.replaceAll("[^A-Z0-9]", "");
	}

	/**
	 * See that the application starts, gets no connection, and says why in its health.
	 * @param failure why
	 * @param texts what is said, among other things
	 */
	void assertRefused(HandshakeFailure failure, String... texts) {
		Findings findings = run();
		assertThat(findings.failure()).contains(texts);
		assertDown(findings, failure, texts);
	}

	private void assertDown(Findings findings, HandshakeFailure failure, String... texts) {
		assertThat(findings.startupFailure()).isNull();
		assertThat(findings.rows()).isEmpty();
		assertThat(findings.status()).isEqualTo("DOWN");
		assertThat(findings.details()).containsEntry("provider", this.provider)
			.containsEntry("host", this.host + ":" + this.server.port())
			.doesNotContainKeys("protocol", "cipher", "server");
		assertThat(findings.detail("error")).containsEntry("cause", failure.name());
		assertThat(findings.detail("error").get("message").toString()).contains(texts);
	}

	/**
	 * See that the application does not start, and says why.
	 * @param texts what is said, among other things
	 */
	void assertDoesNotStart(String... texts) {
		Findings findings = run();
		assertThat(findings.startupFailure()).isNotNull().contains(texts);
	}

	/**
	 * See that nothing goes in clear: not on the URL's wish, and not to a server that
	 * offers no TLS, although it would let the user in.
	 */
	void assertPlaintextIsRefused() {
		this.server.requireSecureTransport(false);
		withQuery("?sslMode=DISABLED").assertDoesNotStart("DbTlsConfigurationException",
				"has the driver setting 'sslMode=DISABLED' in its JDBC URL");
		this.server.withoutTls((plain) -> {
			assertThat(plain.acceptsPlaintext(plain.user())).isTrue();
			// The driver's own gate, and its own words; health has ours.
			Shape shape = on(plain);
			Findings findings = shape.run();
			assertThat(findings.failure()).contains("SSL Connection required, but not provided by server.");
			shape.assertDown(findings, HandshakeFailure.TLS_NOT_OFFERED, "the server does not offer TLS",
					"Switch TLS on at the server");
		});
	}

	/**
	 * Write down that this shape was proven.
	 */
	void proven() {
		Evidence.of(Evidence.Kind.SHAPE, "%s on %s".formatted(this.provider, this.server.name()));
	}

	/**
	 * Write down that this shape was proven.
	 * @param qualifier which one of several of the same provider
	 */
	void proven(String qualifier) {
		Evidence.of(Evidence.Kind.SHAPE, "%s (%s) on %s".formatted(this.provider, qualifier, this.server.name()));
	}

}
