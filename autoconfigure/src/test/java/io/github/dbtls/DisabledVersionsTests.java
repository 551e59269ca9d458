package io.github.dbtls;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests what {@link TlsVersions} decides in a JVM whose security policy forbids a
 * version. It is another JVM: the policy is JVM-wide, and read once.
 */
class DisabledVersionsTests {

	@TempDir
	private Path directory;

	@Test
	void decideWhenAnAskedVersionIsDisabledIsRefused() throws Exception {
		assertThat(decideWhereDisabled("SSLv3, TLSv1, TLSv1.1, TLSv1.3", "TLSv1.3,TLSv1.2"))
			.isEqualTo("'dbtls.tls-versions' contains TLSv1.3, which this JVM disables in 'jdk.tls.disabledAlgorithms'."
					+ " / Remove TLSv1.3 from 'dbtls.tls-versions', or correct the JVM's java.security file.");
	}

	@Test
	void decideWhenAVersionOfThePresetIsDisabledLeavesItOut() throws Exception {
		assertThat(decideWhereDisabled("SSLv3, TLSv1, TLSv1.1, TLSv1.3", "")).isEqualTo("TLSv1.2");
		assertThat(decideWhereDisabled("SSLv3, tlsv1.2, RC4", "")).isEqualTo("TLSv1.3");
	}

	@Test
	void decideWhenNoVersionIsLeftIsRefused() throws Exception {
		assertThat(decideWhereDisabled("TLSv1.2, TLSv1.3", ""))
			.isEqualTo("Provider 'mysql' offers TLSv1.3, TLSv1.2, and this JVM disables it in "
					+ "'jdk.tls.disabledAlgorithms'. / Correct the JVM's java.security file: no secure version of TLS is left.");
	}

	private String decideWhereDisabled(String disabled, String versions)
			throws IOException, InterruptedException, URISyntaxException {
		Path security = this.directory.resolve("java.security");
		Files.writeString(security, "jdk.tls.disabledAlgorithms=" + disabled);
		Path output = this.directory.resolve("output");
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				locationOf(TlsVersions.class) + File.pathSeparator + locationOf(Decision.class),
				"-Djava.security.properties=" + security.toUri(), Decision.class.getName(), versions)
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
		return Files.readString(output, StandardCharsets.UTF_8).strip();
	}

	private static Path locationOf(Class<?> type) throws URISyntaxException {
		return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
	}

	/**
	 * What the other JVM runs.
	 */
	public static final class Decision {

		private Decision() {
		}

		public static void main(String[] args) {
			UserSettings settings = UserSettings.none();
			if (!args[0].isEmpty()) {
				settings.tlsVersions(args[0].split(","));
			}
			try {
				List<String> protocols = settings.decideFor("mysql").protocols();
				System.out.println(String.join(",", protocols));
			}
			catch (DbTlsConfigurationException ex) {
				System.out.println(ex.getMessage() + " / " + ex.getAction());
			}
		}

	}

}
