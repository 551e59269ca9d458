package io.github.dbtls.trust;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

import javax.net.ssl.TrustManager;

import io.github.dbtls.BundleOrigin;
import io.github.dbtls.ClientKeySource;
import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsSettings;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.TrustSource;
import io.github.dbtls.testkit.Authority;
import io.github.dbtls.testkit.Identity;
import io.github.dbtls.testkit.Secrets;
import io.github.dbtls.testkit.TestCertificates;
import io.github.dbtls.testkit.TestPool;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreDetails;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link SslBundleReader}, {@link BundleKeyReader} and {@link BundleContents}.
 */
class SslBundleReaderTests {

	private static final String PASSWORD = Secrets.password("bundle-Pa55word");

	private static final Authority root = TestCertificates.authority("CN=Root");

	private static final Identity client = root.intermediate("CN=Clients").client("app");

	private final List<String> warnings = new ArrayList<>();

	private static final BundleOrigin DB = new BundleOrigin.Property("dbtls.ssl-bundle", "db");

	@TempDir
	private Path directory;

	@Test
	void readWhenPemHasTrustOnly() {
		BundleContents contents = read(SslBundle.of(pem(null, root.pem())));
		assertThat(contents.settings()).isEqualTo(new TlsSettings.Bundle(DB, List.of(), List.of(), true, false));
		assertThat(contents.authorities(Instant.now(), this.warnings::add)).containsExactly(root.certificate());
		assertThat(contents.key()).isNull();
		assertThat(this.warnings).isEmpty();
	}

	@Test
	void readWhenPemHasAKey() {
		BundleContents contents = read(SslBundle.of(pem(details(client.chainPem(), client.keyPem()), root.pem())));
		assertThat(contents.settings().hasKey()).isTrue();
		ClientKey key = contents.clientKey(source(), Instant.now(), this.warnings::add);
		assertThat(key.chain()).isEqualTo(client.chain());
		assertThat(key.privateKey()).isEqualTo(client.privateKey());
		assertThat(key.source()).isEqualTo("SSL bundle 'db'");
		assertThat(contents.toString() + contents.key()).doesNotContain("RSA", "private")
			.contains("BundleContents of SSL bundle 'db'", "CN=app");
	}

	@ParameterizedTest
	@CsvSource({ "JKS", "PKCS12" })
	void readWhenItIsAKeyStore(String type) {
		Path trust = store(type, "trust", (store) -> store.setCertificateEntry("root", root.certificate()));
		Path keys = store(type, "keys", (store) -> setKey(store, "one", client));
		BundleContents contents = read(SslBundle.of(new JksSslStoreBundle(details(type, keys), details(type, trust))));
		assertThat(contents.authorities(Instant.now(), this.warnings::add)).containsExactly(root.certificate());
		assertThat(contents.clientKey(source(), Instant.now(), this.warnings::add).chain()).isEqualTo(client.chain());
	}

	@Test
	void readWhenTheKeyHasAPasswordOfItsOwn() {
		String other = Secrets.password("bundle-key-Pa55word");
		Path keys = store("JKS", "keys", (store) -> store.setKeyEntry("one", client.privateKey(), other.toCharArray(),
				client.chain().toArray(Certificate[]::new)));
		SslStoreBundle stores = new JksSslStoreBundle(details("JKS", keys), null);
		assertThat(read(SslBundle.of(stores, SslBundleKey.of(other))).key()).isNotNull();
		DbTlsConfigurationException ex = refusal(() -> read(SslBundle.of(stores)));
		assertThat(ex).hasMessage(
				"'dbtls.ssl-bundle' names the SSL bundle 'db', whose key store has a private key 'one' that its password does not open.");
		assertThat(ex.getAction()).isEqualTo(
				"Correct 'spring.ssl.bundle.*.db.key.password', or without it the password of 'spring.ssl.bundle.*.db.keystore'.");
	}

	@Test
	void readWhenThereAreSeveralKeysTakesTheAlias() {
		Path keys = store("PKCS12", "keys", (store) -> {
			setKey(store, "one", root.client("other"));
			setKey(store, "two", client);
		});
		SslStoreBundle stores = new JksSslStoreBundle(details("PKCS12", keys), null);
		assertThat(read(SslBundle.of(stores, SslBundleKey.of(null, "two"))).key().chain()).isEqualTo(client.chain());
		DbTlsConfigurationException none = refusal(() -> read(SslBundle.of(stores)));
		assertThat(none)
			.hasMessage("'dbtls.ssl-bundle' names the SSL bundle 'db', whose key store has 2 private keys: one, two.");
		assertThat(none.getAction()).isEqualTo("Set 'spring.ssl.bundle.*.db.key.alias' to the one that is meant.");
	}

	@Test
	void readWhenTheAliasIsUnknownFails() {
		Path keys = store("PKCS12", "keys", (store) -> {
			setKey(store, "one", client);
			store.setCertificateEntry("root", root.certificate());
		});
		// Boot checks it when the bundle comes from properties, and not otherwise.
		SslStoreBundle stores = new JksSslStoreBundle(details("PKCS12", keys), null);
		for (String alias : List.of("three", "root")) {
			DbTlsConfigurationException ex = refusal(() -> read(SslBundle.of(stores, SslBundleKey.of(null, alias))));
			assertThat(ex).hasMessage(
					"'dbtls.ssl-bundle' names the SSL bundle 'db', whose key store has no private key '%s'.", alias);
			assertThat(ex.getAction()).isEqualTo("Set 'spring.ssl.bundle.*.db.key.alias' to one of: one.");
		}
	}

	@Test
	void readWhenTheKeyStoreHasNoKeyFails() {
		DbTlsConfigurationException ex = refusal(
				() -> read(SslBundle.of(pem(PemSslStoreDetails.forCertificate(client.chainPem()), root.pem()))));
		assertThat(ex).hasMessage("'dbtls.ssl-bundle' names the SSL bundle 'db', whose key store has no private key.");
		assertThat(ex.getAction()).isEqualTo(
				"Set 'spring.ssl.bundle.*.db.keystore' to a store with the client's key, or remove it if the server asks for none.");
	}

	@Test
	void clientKeyIsJudgedByTheRulesOfFiles() {
		Identity expired = root.issue("CN=app").expired().identity();
		BundleContents contents = read(SslBundle.of(pem(details(expired.chainPem(), expired.keyPem()), root.pem())));
		assertThat(refusal(() -> contents.clientKey(source(), Instant.now(), this.warnings::add)).getMessage())
			.startsWith(
					"'dbtls.ssl-bundle' names the SSL bundle 'db', whose key store holds the client's certificate 'CN=app', which expired on ");
	}

	@Test
	void authoritiesAreJudgedByTheRulesOfFiles() {
		BundleContents leaf = read(SslBundle.of(pem(null, client.chainPem() + root.pem())));
		assertThat(leaf.authorities(Instant.now(), this.warnings::add)).hasSize(2).doesNotContain(client.certificate());
		assertThat(this.warnings).containsExactly(
				"'dbtls.ssl-bundle' names the SSL bundle 'db', whose trust store also holds 1 certificate of no authority, which will not be trusted: CN=app");
		BundleContents none = read(SslBundle.of(pem(null, root.client("app").chainPem())));
		assertThat(refusal(() -> none.authorities(Instant.now(), this.warnings::add))).hasMessage(
				"'dbtls.ssl-bundle' names the SSL bundle 'db', whose trust store holds the certificate of a server, not of an authority: 'CN=app'.");
	}

	@Test
	void readWhenTheTrustStoreHasNoCertificateFails() {
		Path empty = store("JKS", "empty", (store) -> {
		});
		Path keys = store("JKS", "keys", (store) -> setKey(store, "one", client));
		assertThat(refusal(() -> read(SslBundle.of(new JksSslStoreBundle(null, details("JKS", empty))))))
			.hasMessage("'dbtls.ssl-bundle' names the SSL bundle 'db', whose trust store is empty.");
		assertThat(refusal(() -> read(SslBundle.of(new JksSslStoreBundle(null, details("JKS", keys)))))).hasMessage(
				"'dbtls.ssl-bundle' names the SSL bundle 'db', whose trust store holds a private key and no certificate.");
	}

	@Test
	void readWhenAFileIsGoneFails() {
		Path missing = this.directory.resolve("missing.pem");
		DbTlsConfigurationException ex = refusal(
				() -> read(SslBundle.of(new PemSslStoreBundle((PemSslStoreDetails) null,
						PemSslStoreDetails.forCertificate("file:" + missing)))));
		assertThat(ex.getMessage())
			.startsWith("'dbtls.ssl-bundle' names the SSL bundle 'db', whose trust store cannot be read: ")
			.contains(missing.toString());
		assertThat(ex.getAction()).isEqualTo("Correct 'spring.ssl.bundle.*.db.truststore'.");
		assertThat(ex).hasCauseInstanceOf(Exception.class);
	}

	@Test
	void readWhenAKeyStandsWhereAPathBelongsDoesNotRepeatIt() {
		// A certificate, which is no secret: Boot itself repeats it in its exceptions.
		String lines = root.pem().lines().filter((line) -> !line.startsWith("-")).collect(Collectors.joining("\n"));
		for (String inline : List.of(lines, lines.replace("\n", ""), lines.replace("\n", " "),
				Base64.getEncoder().encodeToString(root.pem().getBytes(StandardCharsets.US_ASCII)))) {
			DbTlsConfigurationException ex = refusal(() -> read(SslBundle
				.of(new PemSslStoreBundle((PemSslStoreDetails) null, PemSslStoreDetails.forCertificate(inline)))));
			assertThat(ex).hasMessage(
					"'dbtls.ssl-bundle' names the SSL bundle 'db', whose trust store cannot be read: a key or certificate stands where a path belongs.")
				.hasNoCause();
			assertThat(refusal(() -> SslBundleReader
				.of(new BundleOrigin.Property("dbtls.ssl-bundle", inline), new DefaultSslBundleRegistry())
				.settings())).hasMessage(
						"'dbtls.ssl-bundle' holds a certificate or key itself, where the name of an SSL bundle belongs.");
		}
	}

	@Test
	void readWhenAPathLooksLikeBase64NamesIt() {
		String path = "MARKETING/certificates/production/database/ca";
		assertThat(refusal(() -> read(SslBundle
			.of(new PemSslStoreBundle((PemSslStoreDetails) null, PemSslStoreDetails.forCertificate(path))))))
			.hasMessageContaining(path)
			.hasCauseInstanceOf(Exception.class);
		assertThat(refusal(() -> SslBundleReader
			.of(new BundleOrigin.Property("dbtls.ssl-bundle", path), new DefaultSslBundleRegistry())
			.settings())).hasMessage("'dbtls.ssl-bundle' is '%s', and there is no SSL bundle of that name.", path);
	}

	@Test
	void readWhenThereIsNoSuchBundleNamesThoseThereAre() {
		DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry("web", SslBundle.of(SslStoreBundle.NONE));
		DbTlsConfigurationException ex = refusal(() -> SslBundleReader.of(DB, registry).settings());
		assertThat(ex).hasMessage("'dbtls.ssl-bundle' is 'db', and there is no SSL bundle of that name.");
		assertThat(ex.getAction()).isEqualTo("Set it to one of: web.");
		DbTlsConfigurationException none = refusal(
				() -> SslBundleReader.of(DB, new DefaultSslBundleRegistry()).settings());
		assertThat(none.getAction()).isEqualTo(
				"Define it: 'spring.ssl.bundle.pem.db.truststore.certificate' is the certificate of the server's authority. There is no bundle at all yet.");
	}

	@Test
	void readWhenTheNameIsBlankFails() {
		assertThat(refusal(() -> SslBundleReader
			.of(new BundleOrigin.Property("dbtls.ssl-bundle", " "), new DefaultSslBundleRegistry())
			.settings())).hasMessage("'dbtls.ssl-bundle' is set, but to nothing.");
	}

	@Test
	void readWhenTheApplicationHasNoBundlesFails() {
		assertThat(refusal(() -> SslBundleReader.of(DB, null).settings()).getMessage())
			.startsWith("'dbtls.ssl-bundle' is 'db', but the application has no SSL bundles:");
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-",
			value = { "TLS, -, -", "TLSv1.3, -, -", "TLSv1.2, -, TLSv1.2", "tlsv1.2, -, TLSv1.2", "SSL, -, -",
					"TLSv1.1, -, TLSv1.1", "TLSv1.2, TLSv1.3+TLSv1.2, TLSv1.2",
					"TLS, TLSv1.2+TLSv1.1, TLSv1.2+TLSv1.1" })
	void protocolsAreThoseOfOptionsAndContext(String protocol, @Nullable String enabled, @Nullable String expected) {
		assertThat(read(bundle(protocol, enabled)).settings().protocols())
			.containsExactly((expected != null) ? expected.split("\\+") : new String[0]);
	}

	@Test
	void protocolThatIsUnknownFails() {
		assertThat(refusal(() -> read(bundle("TLSv9", null)))).hasMessage(
				"'dbtls.ssl-bundle' names the SSL bundle 'db', which has the protocol 'TLSv9', and no SSLContext has this name.");
	}

	@Test
	void protocolsThatContradictEachOtherFail() {
		assertThat(refusal(() -> read(bundle("TLSv1.2", "TLSv1.3")))).hasMessage(
				"'dbtls.ssl-bundle' names the SSL bundle 'db', which has the protocol TLSv1.2 and enables TLSv1.3 only.");
	}

	@Test
	void digestTellsEachPartFromAnother() {
		Identity other = root.client("app");
		List<BundleContents> all = List.of(read(SslBundle.of(pem(null, root.pem()))),
				read(SslBundle.of(pem(null, TestCertificates.authority("CN=Other").pem()))),
				read(SslBundle.of(pem(details(client.chainPem(), client.keyPem()), root.pem()))),
				read(SslBundle.of(pem(details(other.chainPem(), other.keyPem()), root.pem()))),
				read(bundle("TLS", "TLSv1.2")));
		assertThat(all.stream().map(BundleContents::digest)).doesNotHaveDuplicates();
		assertThat(read(SslBundle.of(pem(null, root.pem()))).digest()).isEqualTo(all.get(0).digest());
	}

	@Test
	void requireFitWhenTheBundleIsAnotherFails() {
		TlsPolicy trusting = policy(new TrustSource.Bundle(DB, false), null);
		TlsPolicy mutual = policy(new TrustSource.Bundle(DB, false), source());
		BundleContents trust = read(SslBundle.of(pem(null, root.pem())));
		BundleContents both = read(SslBundle.of(pem(details(client.chainPem(), client.keyPem()), root.pem())));
		BundleContents key = read(SslBundle.of(pem(details(client.chainPem(), client.keyPem()), null)));
		trust.requireFit(trusting);
		both.requireFit(mutual);
		assertThat(refusal(() -> trust.requireFit(mutual)))
			.hasMessage("'dbtls.ssl-bundle' names the SSL bundle 'db', which has a private key no longer.");
		assertThat(refusal(() -> key.requireFit(mutual)))
			.hasMessage("'dbtls.ssl-bundle' names the SSL bundle 'db', which has a trust store no longer.");
		assertThat(refusal(() -> both.requireFit(trusting))).hasMessage(
				"'dbtls.ssl-bundle' names the SSL bundle 'db', which has a private key, and had none when the application started.");
		DbTlsConfigurationException narrower = refusal(() -> read(bundle("TLS", "TLSv1.2")).requireFit(trusting));
		assertThat(narrower).hasMessage(
				"'dbtls.ssl-bundle' names the SSL bundle 'db', which enables TLSv1.2 only, and more when the application started.");
		assertThat(narrower.getAction()).isEqualTo("Restart the application for it to come into force.");
	}

	@Test
	void requireFitWhenCiphersAreRestrictedLaterFails() {
		TlsPolicy trusting = policy(new TrustSource.Bundle(DB, false), null);
		SslBundle restricted = SslBundle.of(pem(null, root.pem()), SslBundleKey.NONE,
				SslOptions.of(new String[] { "TLS_AES_256_GCM_SHA384" }, null));
		assertThat(refusal(() -> read(restricted).requireFit(trusting))).hasMessage(
				"'dbtls.ssl-bundle' names the SSL bundle 'db', which enables TLS_AES_256_GCM_SHA384 only, and more when the application started.");
	}

	@Test
	void readWhenTheBundleHasManagersOfItsOwnWarns() {
		SslManagerBundle managers = SslManagerBundle.from(new TrustManager[0]);
		SslBundle bundle = SslBundle.of(pem(null, root.pem()), SslBundleKey.NONE, SslOptions.NONE, "TLS", managers);
		read(bundle).warn(policy(new TrustSource.Bundle(DB, false), null), this.warnings::add);
		assertThat(this.warnings).containsExactly(
				"'dbtls.ssl-bundle' names the SSL bundle 'db', which has trust or key managers of its own making: dbtls takes its stores, and does not ask those");
		SslBundle alone = SslBundle.of(SslStoreBundle.NONE, SslBundleKey.NONE, SslOptions.NONE, "TLS", managers);
		DbTlsConfigurationException ex = refusal(() -> read(alone));
		assertThat(ex).hasMessage(
				"'dbtls.ssl-bundle' names the SSL bundle 'db', which verifies with trust managers of its own making and has no trust store: dbtls asks no manager of a bundle.");
		assertThat(ex.getAction())
			.isEqualTo("Give it the certificate of the server's authority: 'spring.ssl.bundle.*.db.truststore'.");
	}

	@Test
	void readWhenTheRootsOfTheSystemStandInWarns() {
		BundleContents key = read(SslBundle.of(pem(details(client.chainPem(), client.keyPem()), null)));
		key.warn(policy(new TrustSource.SystemRoots(), source()), this.warnings::add);
		assertThat(this.warnings).containsExactly(
				"'dbtls.ssl-bundle' names the SSL bundle 'db', which has no trust store: the system's roots are trusted");
	}

	@Test
	void clientKeyThatIsOfAnotherCertificateIsWordedForAStore() {
		SslBundle bundle = SslBundle.of(pem(details(client.chainPem(), root.client("app").keyPem()), root.pem()));
		BundleContents contents = read(bundle);
		assertThat(refusal(() -> contents.clientKey(source(), Instant.now(), this.warnings::add))).hasMessage(
				"'dbtls.ssl-bundle' names the SSL bundle 'db', whose key store has a key that is not that of its certificate, 'CN=app'.");
	}

	private static SslBundle bundle(String protocol, @Nullable String enabled) {
		SslOptions options = (enabled != null) ? SslOptions.of(null, enabled.split("\\+")) : SslOptions.NONE;
		return SslBundle.of(pem(null, root.pem()), SslBundleKey.NONE, options, protocol);
	}

	private static TlsPolicy policy(TrustSource trust, @Nullable ClientKeySource key) {
		TlsPolicy policy = TestPool.policy(SslMode.VERIFY_CA, Duration.ofHours(1), TlsVersion.TLS_1_3);
		return new TlsPolicy(policy.prefix(), policy.provider(), policy.sslMode(), policy.tlsVersions(),
				policy.ciphers(), trust, key, policy.sessionLifetime(), policy.jsseProvider(), policy.weakenings());
	}

	private static ClientKeySource source() {
		return new ClientKeySource.Bundle(DB);
	}

	private static BundleContents read(SslBundle bundle) {
		return SslBundleReader.of(DB, new DefaultSslBundleRegistry("db", bundle)).read();
	}

	private static SslStoreBundle pem(@Nullable PemSslStoreDetails keys, @Nullable String trust) {
		return new PemSslStoreBundle(keys, (trust != null) ? PemSslStoreDetails.forCertificate(trust) : null);
	}

	private static PemSslStoreDetails details(String chain, String key) {
		return PemSslStoreDetails.forCertificate(chain).withPrivateKey(key);
	}

	private static JksSslStoreDetails details(String type, Path file) {
		return new JksSslStoreDetails(type, null, "file:" + file, PASSWORD);
	}

	private static void setKey(KeyStore store, String alias, Identity identity) throws GeneralSecurityException {
		store.setKeyEntry(alias, identity.privateKey(), PASSWORD.toCharArray(),
				identity.chain().toArray(X509Certificate[]::new));
	}

	private Path store(String type, String name, Filler filler) {
		try {
			KeyStore store = KeyStore.getInstance(type);
			store.load(null, null);
			filler.fill(store);
			Path file = this.directory.resolve(name);
			try (var stream = Files.newOutputStream(file)) {
				store.store(stream, PASSWORD.toCharArray());
			}
			return file;
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static DbTlsConfigurationException refusal(ThrowingCallable code) {
		DbTlsConfigurationException ex = catchThrowableOfType(DbTlsConfigurationException.class, code);
		assertThat(ex).isNotNull();
		assertThat(ex.getProperty()).isEqualTo("dbtls.ssl-bundle");
		return ex;
	}

	/**
	 * Fills a key store.
	 */
	private interface Filler {

		void fill(KeyStore store) throws GeneralSecurityException;

	}

}
