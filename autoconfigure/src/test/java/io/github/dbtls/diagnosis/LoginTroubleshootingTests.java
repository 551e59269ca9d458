package io.github.dbtls.diagnosis;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.github.dbtls.BuildFiles;
import io.github.dbtls.HandshakeFailure;
import io.github.dbtls.Provider;
import io.github.dbtls.SslMode;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.TlsPolicy;
import io.github.dbtls.TlsVersion;
import io.github.dbtls.TrustSource;
import io.github.dbtls.diagnosis.LoginRefusal.Kind;
import io.github.dbtls.testkit.TestPool;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@code docs/troubleshooting.md} says of logins what {@link LoginDiagnosis}
 * says, and leaves nothing out.
 */
class LoginTroubleshootingTests {

	private static final String SECTION = "## After the handshake: the login";

	private static final String ACCESS_DENIED = "Access denied for user 'app'@'10.0.0.7' (using password: YES)";

	private static String section;

	@BeforeAll
	static void read() throws IOException {
		String page = Files.readString(BuildFiles.project().resolve("docs/troubleshooting.md"));
		assertThat(page).contains(SECTION);
		String rest = page.substring(page.indexOf(SECTION) + SECTION.length());
		int next = rest.indexOf("\n## ");
		section = (next >= 0) ? rest.substring(0, next) : rest;
	}

	static Stream<LoginRefusal> refusals() {
		return Stream.of(LoginRefusal.ofServer(1045, ACCESS_DENIED),
				LoginRefusal.ofServer(1226,
						"User 'app' has exceeded the 'max_user_connections' resource (current value: 10)"),
				LoginRefusal.ofServer(3159,
						"Connections using insecure transport are prohibited while --require_secure_transport=ON."),
				LoginRefusal.ofServer(1524, "Plugin 'mysql_native_password' is not loaded"),
				LoginRefusal.ofDriver("Unable to load authentication plugin 'auth_gssapi_client'."),
				LoginRefusal.ofServer(1049, "Unknown database 'shop'"), LoginRefusal.inLog());
	}

	@ParameterizedTest
	@MethodSource("refusals")
	void loginThatIsRefusedIsInThePage(LoginRefusal refusal) {
		assertIsInThePage(LoginDiagnosis.insideTls(facts("mysql"), refusal, false, new SQLException()));
	}

	static Stream<LoginRefusal> refusalsBeforeTls() {
		return Stream.of(LoginRefusal.ofServer(1040, "Too many connections"), LoginRefusal.ofServer(1129,
				"Host '10.0.0.7' is blocked because of many connection errors; unblock with 'mysqladmin flush-hosts'"),
				LoginRefusal.ofServer(1130, "Host '10.0.0.7' is not allowed to connect to this MySQL server"));
	}

	@ParameterizedTest
	@MethodSource("refusalsBeforeTls")
	void clientThatIsRefusedIsInThePage(LoginRefusal refusal) {
		assertIsInThePage(LoginDiagnosis.beforeTls(facts("mysql"), refusal, new IOException()));
	}

	@Test
	void userWithoutPrefixIsInThePage() {
		LoginRefusal refusal = LoginRefusal.ofServer(1105,
				"Missing user name prefix. See https://docs.pingcap.com/tidbcloud/select-cluster-tier#user-name-prefix");
		assertIsInThePage(LoginDiagnosis.insideTls(facts("mysql"), refusal, false, new SQLException()));
		assertThat(LoginDiagnosis.insideTls(facts("tidb-serverless"), refusal, false, new SQLException()).getAction())
			.isEqualTo(TestPool.provider("tidb-serverless").userNameHint());
	}

	@Test
	void serverWithoutTlsIsInThePage() {
		assertIsInThePage(HandshakeDiagnosis.explain(facts("mysql"), HandshakeFailure.TLS_NOT_OFFERED,
				new IOException("The server's greeting has no CLIENT_SSL")));
	}

	@Test
	void connectionThatIsNotOursIsInThePage() {
		for (LoginRefusal refusal : List.of(new LoginRefusal(Kind.PUBLIC_KEY, 0, ""),
				new LoginRefusal(Kind.INSECURE_TRANSPORT, 3159, ""))) {
			assertThat(section).contains("\n" + LoginDiagnosis.withoutTls(refusal) + "\n");
		}
	}

	@Test
	void everyKindHasAnExample() {
		List<Kind> shown = Stream.concat(refusals(), refusalsBeforeTls()).map(LoginRefusal::kind).toList();
		assertThat(Kind.values()).filteredOn((kind) -> !shown.contains(kind))
			.containsExactly(Kind.PUBLIC_KEY, Kind.USER_NAME_PREFIX);
	}

	@Test
	void providersOwnRemedyComesFirst() {
		Provider acme = Provider.withId("acme")
			.remedy(HandshakeFailure.LOGIN_REFUSED, "Ask the platform team, and set 'client-certificate'.")
			.build();
		TlsHandshakeException explained = LoginDiagnosis.insideTls(facts(acme),
				LoginRefusal.ofServer(1045, ACCESS_DENIED), false, new SQLException());
		assertThat(explained.getAction()).isEqualTo("Ask the platform team, and set 'dbtls.client-certificate'.");
	}

	@Test
	void wordsOfTheServerAreOneBoundedLine() {
		LoginRefusal refusal = LoginRefusal.ofServer(1105, "#HY000no\n2026 INFO forged\u001b[2J" + "x".repeat(9000));
		assertThat(refusal.words()).startsWith("error 1105, no?2026 INFO forged?[2J").hasSizeLessThan(300);
		assertThat(refusal.words().lines()).hasSize(1);
	}

	private static void assertIsInThePage(TlsHandshakeException explained) {
		String text = String.join("\n", Arrays.asList(String.valueOf(explained.getMessage()).split("\\R")));
		assertThat(section).contains("```text\n" + text + "\n```\n");
	}

	private static HandshakeFacts facts(String provider) {
		return facts(TestPool.provider(provider));
	}

	private static HandshakeFacts facts(Provider provider) {
		return new HandshakeFacts("db.example.com", 3306,
				new TlsPolicy("dbtls", provider, SslMode.VERIFY_IDENTITY,
						List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2), List.of(), new TrustSource.SystemRoots(), null,
						Duration.ofHours(1), null, List.of()),
				"ca.pem", List.of(), List.of(), null, false, Instant.now());
	}

}
