package io.github.dbtls.testkit;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Secrets}.
 */
class SecretsTests {

	private static final String PASSWORD = Secrets.password("käse & brot/91%");

	@ParameterizedTest
	@ValueSource(strings = { "käse & brot/91%", "x käse & brot/91% x", "k%C3%A4se+%26+brot%2F91%25",
			"k%C3%A4se%20%26%20brot%2F91%25", "KÄSE & BROT/91%", "[k, ä, s, e,  , &,  , b, r, o, t, /, 9, 1, %]" })
	void passwordIsFoundInEveryForm(String form) {
		assertThat(Secrets.find("before " + form + " after")).startsWith("password 'käs…' in: before ")
			.endsWith(" after")
			.doesNotContain("brot", "BROT", "b, r, o");
	}

	@Test
	void passwordIsFoundInBase64() {
		String base64 = Base64.getEncoder().encodeToString(PASSWORD.getBytes(StandardCharsets.UTF_8));
		assertThat(Secrets.find("Basic " + base64)).isNotNull();
	}

	@Test
	void passwordIsFoundAtTheEndOfALongText() {
		String text = "käse & bro".repeat(1000) + PASSWORD;
		assertThat(Secrets.find(text)).isNotNull();
		assertThat(Secrets.find(text.substring(0, text.length() - 1))).isNull();
	}

	@Test
	void passwordThatIsTooShortToBeUnmistakableIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> Secrets.password("secret"));
	}

	@ParameterizedTest
	@EnumSource(KeyType.class)
	void keyIsFoundInPemAtAnyOffset(KeyType type) {
		KeyPair keys = type.shared();
		byte[] pkcs8 = keys.getPrivate().getEncoded();
		assertThat(Secrets.find(Pem.of(keys.getPrivate()))).startsWith("private key (");
		for (int offset = 0; offset < 3; offset++) {
			byte[] shifted = Arrays.copyOfRange(pkcs8, offset, pkcs8.length);
			assertThat(Secrets.find(Base64.getEncoder().encodeToString(shifted))).isNotNull();
			assertThat(Secrets.find(Pem.block("KEY", shifted))).isNotNull();
		}
	}

	@ParameterizedTest
	@EnumSource(KeyType.class)
	void keyIsFoundInNumbers(KeyType type) {
		KeyPair keys = type.shared();
		byte[] pkcs8 = keys.getPrivate().getEncoded();
		assertThat(Secrets.find(Arrays.toString(pkcs8))).isNotNull();
		assertThat(Secrets.find(HexFormat.of().formatHex(pkcs8))).isNotNull();
		assertThat(Secrets.find(HexFormat.ofDelimiter(":").withUpperCase().formatHex(pkcs8))).isNotNull();
		String decimal = (keys.getPrivate() instanceof RSAPrivateKey rsa) ? rsa.getPrivateExponent().toString()
				: ((ECPrivateKey) keys.getPrivate()).getS().toString();
		assertThat(Secrets.find("d = " + decimal)).isNotNull();
	}

	@ParameterizedTest
	@EnumSource(KeyType.class)
	void whatIsPublicOfAKeyIsNotFound(KeyType type) {
		KeyPair keys = type.shared();
		byte[] pkcs8 = keys.getPrivate().getEncoded();
		assertThat(Secrets.find(Base64.getEncoder().encodeToString(Arrays.copyOf(pkcs8, 30)))).isNull();
		assertThat(Secrets.find(Base64.getEncoder().encodeToString(keys.getPublic().getEncoded()))).isNull();
		assertThat(Secrets.find(keys.getPublic().toString())).isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			settings.setProperty("password", "%s");
			pool.setPassword("%s");
			.caPassword("%s")
			"spring.datasource.password=%s"
			ca-password: %s
			IDENTIFIED BY '%s' REQUIRE X509
			"jdbc:mysql://app:%s@db/shop"
			String PASSWORD = "%s";
			""")
	void passwordThatNobodyKnowsIsFoundInASource(String line) {
		assertThat(TestPasswords.unknownIn(Path.of("X.java"), line.formatted("Swordfish1")))
			.containsExactly("X.java: 'Swordfish1'");
		assertThat(TestPasswords.unknownIn(Path.of("X.java"), line.formatted("hidden-word"))).isEmpty();
	}

	@Test
	void everyPasswordOfTheTestsIsKnown() {
		assertThat(TestPasswords.unknown())
			.as("write one of %s instead, or add it to Secrets: else nobody looks for it", Secrets.PASSWORDS)
			.isEmpty();
	}

}
