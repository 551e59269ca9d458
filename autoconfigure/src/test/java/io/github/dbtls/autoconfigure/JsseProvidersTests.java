package io.github.dbtls.autoconfigure;

import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.List;

import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.JsseProvider;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsSettings.Setting;
import io.github.dbtls.testkit.FaultyProviders;
import io.github.dbtls.testkit.Jsse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.FilteredClassLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JsseProviders} and what becomes of {@code dbtls.jsse-provider}.
 */
class JsseProvidersTests {

	private final JsseProviders providers = new JsseProviders();

	@ParameterizedTest
	@CsvSource({ "Conscrypt, Conscrypt", "org.conscrypt.OpenSSLProvider, Conscrypt", "BCJSSE, BCJSSE",
			"org.bouncycastle.jsse.provider.BouncyCastleJsseProvider, BCJSSE", "SunJSSE, SunJSSE" })
	void findWhenOnTheClassPathFindsAndRegistersNothing(String written, String name) {
		assertThat(Jsse.CONSCRYPT.provider()).isNotNull();
		List<Provider> before = List.of(Security.getProviders());
		JsseProvider found = find(" " + written + " ");
		assertThat(found.name()).isEqualTo(name);
		assertThat(found.property()).isEqualTo("dbtls.jsse-provider");
		assertThat(find(written).provider()).isSameAs(found.provider());
		assertThat(Security.getProviders()).containsExactlyElementsOf(before);
	}

	@ParameterizedTest
	@ValueSource(strings = { "NoSuchProvider", "com.acme.NoSuchProvider", "conscrypt" })
	void findWhenThereIsNoneFails(String name) {
		assertRefused(name, "'dbtls.jsse-provider' is '%s', which is no name of a provider".formatted(name),
				"Add its jar to the class path, or name one of: BCJSSE, Conscrypt, SunJSSE.");
	}

	@Test
	void findWhenWellKnownOneIsNotOnTheClassPathFails() {
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		thread.setContextClassLoader(new FilteredClassLoader("org.conscrypt"));
		try {
			assertRefused("Conscrypt",
					"'dbtls.jsse-provider' is 'Conscrypt', whose class org.conscrypt.OpenSSLProvider is not on the class path.",
					"name one of: BCJSSE, SunJSSE.");
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	@Test
	void findWhenItIsNoJsseProviderFails() {
		assertRefused("SunEC", "'SunEC', which is no JSSE provider: it has no SSLContext 'TLS'.", "SunJSSE");
		assertRefused("java.lang.String", "'java.lang.String', a class that is no java.security.Provider.", "SunJSSE");
		assertRefused(" ", "'dbtls.jsse-provider' is empty.", "SunJSSE");
	}

	@Test
	void findWhenItCannotBeMadeFails() {
		assertRefused(FaultyProviders.WithoutLibrary.class.getName(),
				"which cannot be loaded: java.lang.UnsatisfiedLinkError: no native library.",
				"Let the class path have what it needs on this platform");
		assertRefused(FaultyProviders.WithParameter.class.getName(),
				"which has no public constructor without parameters.", "SunJSSE");
	}

	@ParameterizedTest
	@EnumSource(value = Jsse.class, names = "JDK", mode = EnumSource.Mode.EXCLUDE)
	void policyHasTheProviderAndInheritsIt(Jsse jsse) {
		String name = jsse.provider().name();
		Policies policies = policies(
				"""
						dbtls: {provider: mysql, jsse-provider: %s, data-sources: {one.ssl-mode: verify-ca, two.jsse-provider: SunJSSE}}
						"""
					.formatted(name));
		policies.validate();
		assertThat(policies.policyOf("one", List.of()).jsseProvider().name()).isEqualTo(name);
		assertThat(policies.policyOf("two", List.of()).jsseProvider()).returns("SunJSSE", JsseProvider::name)
			.returns("dbtls.data-sources.two.jsse-provider", JsseProvider::property);
		assertThat(policies.common().jsseProvider().provider())
			.isSameAs(policies.policyOf("one", List.of()).jsseProvider().provider());
	}

	@Test
	void policyWhenNothingWouldBeVerifiedIsRefused() {
		assertThat(Jsse.CONSCRYPT.provider()).isNotNull();
		assertPolicyRefused("dbtls: {provider: mysql, ssl-mode: required, jsse-provider: Conscrypt}",
				"'dbtls.jsse-provider' is 'Conscrypt', and 'dbtls.ssl-mode' is 'required', which only the JDK's provider can do here.");
		TlsPolicy policy = policies("dbtls: {provider: mysql, ssl-mode: required, jsse-provider: SunJSSE}").common();
		assertThat(policy.jsseProvider().name()).isEqualTo("SunJSSE");
	}

	@Test
	void policyWhenSuitesAreIgnoredOrLackingIsRefused() {
		assertThat(Jsse.CONSCRYPT.provider()).isNotNull();
		assertPolicyRefused("dbtls: {provider: mysql, ciphers: TLS_AES_256_GCM_SHA384, jsse-provider: Conscrypt}",
				"'dbtls.jsse-provider' is 'Conscrypt', which negotiates TLS_AES_128_GCM_SHA256, TLS_CHACHA20_POLY1305_SHA256 whatever it is told, and 'dbtls.ciphers' does not allow that.");
		assertPolicyRefused(
				"dbtls: {provider: mysql, ciphers: TLS_DHE_RSA_WITH_AES_256_GCM_SHA384, tls-versions: 1.2, jsse-provider: Conscrypt}",
				"which does not support the cipher suite 'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384' of 'dbtls.ciphers'.");
		TlsPolicy narrow = policies(
				"""
						dbtls: {provider: mysql, ciphers: TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, tls-versions: 1.2, jsse-provider: Conscrypt}
						""")
			.common();
		assertThat(narrow.ciphers()).hasSize(1);
		assertThat(policies("dbtls: {provider: mysql, ciphers: TLS_AES_256_GCM_SHA384, jsse-provider: BCJSSE}").common()
			.ciphers()).hasSize(1);
	}

	@Test
	void policyWhenProviderFailsIsRefused() {
		assertPolicyRefused(
				"dbtls: {provider: mysql, jsse-provider: %s}".formatted(FaultyProviders.Broken.class.getName()),
				"'dbtls.jsse-provider' is 'Broken', which cannot be used here: java.lang.ClassNotFoundException: com.acme.NoSuchClass.");
	}

	private static void assertPolicyRefused(String yaml, String description) {
		assertThatExceptionOfType(DbTlsConfigurationException.class).isThrownBy(() -> policies(yaml).validate())
			.withMessageContaining(description)
			.satisfies((ex) -> assertThat(ex.getProperty()).isEqualTo("dbtls.jsse-provider"))
			.satisfies((ex) -> assertThat(ex.getAction()).contains("remove 'dbtls.jsse-provider'"));
	}

	private static Policies policies(String yaml) {
		return new Policies(BoundProperties.ofYaml(yaml), new Providers(List.of()), TestSslBundles.none());
	}

	private void assertRefused(String name, String description, String action) {
		assertThatExceptionOfType(DbTlsConfigurationException.class).isThrownBy(() -> find(name))
			.withMessageContaining(description)
			.satisfies((ex) -> assertThat(ex.getProperty()).isEqualTo("dbtls.jsse-provider"))
			.satisfies((ex) -> assertThat(ex.getAction()).contains(action));
		assertThat(Arrays.stream(Security.getProviders()).map(Provider::getName)).doesNotContain("Conscrypt", "BCJSSE");
	}

	private JsseProvider find(String name) {
		return this.providers.find(new Setting<>("dbtls.jsse-provider", name));
	}

}
