package io.github.dbtls.sample.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConfigurationText}.
 */
class ConfigurationTextTests {

	private static final String EXAMPLE = """
			dbtls:
			  provider: mysql
			  ca-path: ${embedded.ca-path}
			  tls-versions: TLSv1.3, TLSv1.2
			""";

	private final List<LiveState.Setting> policy = new ArrayList<>();

	@Test
	void blockOfFileIsVerbatim() {
		set("dbtls.provider", "mysql", "class path resource [live/application-example.yml] - 5:13");
		set("dbtls.ca-path", "/tmp/ca.pem", "class path resource [live/application-example.yml] - 6:12");
		this.policy.add(new LiveState.Setting("sslMode", "verify-identity", "preset", null, null));
		assertYaml("live/application-example.yml", EXAMPLE);
	}

	@Test
	void blockOfFileInsideJarIsVerbatim() {
		set("dbtls.provider", "mysql", "class path resource [live/application-example.yml] from app.jar - 5:13");
		assertYaml("live/application-example.yml", EXAMPLE);
	}

	@Test
	void blockOfFileOutsideEndsWhereTheNextBegins(@TempDir Path folder) throws IOException {
		Path file = write(folder, """
				spring:
				  main: {}
				# Comment
				dbtls:

				  # Inside
				  provider: aws-rds
				  data-sources:
				    other:
				      enabled: false

				# Next
				sample:
				  x: y
				""");
		set("dbtls.provider", "aws-rds", "file [%s] - 7:13".formatted(file));
		assertYaml(file.toString(), """
				dbtls:

				  # Inside
				  provider: aws-rds
				  data-sources:
				    other:
				      enabled: false
				""");
	}

	@Test
	void passwordIsNotShownUnlessItStandsElsewhere(@TempDir Path folder) throws IOException {
		Path file = write(folder, """
				dbtls:
				  provider: mysql
				  ca-password: s3cret
				  client-private-key-password: ${KEY_PASSWORD:s3cret}
				  data-sources:
				    a:
				      ca-password: '${CA_PASSWORD}'
				""");
		set("dbtls.provider", "mysql", "file [%s] - 2:13".formatted(file));
		assertYaml(file.toString(), """
				dbtls:
				  provider: mysql
				  ca-password: ******
				  client-private-key-password: ******
				  data-sources:
				    a:
				      ca-password: '${CA_PASSWORD}'
				""");
	}

	@ParameterizedTest
	@ValueSource(strings = { "caPassword: s3cret", "CA_PASSWORD: s3cret", "\"ca-password\": s3cret",
			"ca-pass-word: s3cret", "ca-password: 's3cret'", "data-sources.a.ca-password: ${KEY:s3cret}" })
	void passwordIsNotShownHoweverItsNameIsSpelled(String line, @TempDir Path folder) throws IOException {
		Path file = write(folder, "dbtls:\n  provider: mysql\n  " + line + "\n  reload-interval: 1s\n");
		set("dbtls.provider", "mysql", "file [%s] - 2:13".formatted(file));
		assertYaml(file.toString(), """
				dbtls:
				  provider: mysql
				  %s: ******
				  reload-interval: 1s
				""".formatted(line.substring(0, line.indexOf(": "))));
	}

	@ParameterizedTest
	@ValueSource(strings = { "dbtls: { provider: mysql, ca-password: s3cret }",
			"dbtls: { provider: mysql, ca-password: s3cret, client-private-key-password: '${KEY}' }",
			"dbtls: {\n  provider: mysql,\n  ca-password: s3\n  cret }", "dbtls:\n  # ca-password: s3cret",
			"dbtls:\n  reload-interval: 1s # ca-password: s3cret", "dbtls:\n  ca-password: ${KEY} # s3cret",
			"dbtls:\n  ca-password: |\n    s3cret", "dbtls:\n  ca-password: >-\n    s3cret",
			"dbtls:\n  ca-password: !!str\n    s3cret", "dbtls:\n  ca-password: &key\n    s3cret",
			"dbtls:\n  ca-password:\n    s3cret", "dbtls:\n  ca-password: s3\n\n    s3cret",
			"dbtls:\n  ca-password: \"s3\n  cret\"", "dbtls:\n  ca-password: 's3\n  cret'",
			"dbtls:\n  ? ca-password\n  : s3cret", "dbtls:\n  data-sources:\n    - caPassword: s3cret" })
	void passwordIsNotShownHoweverItIsWritten(String yaml, @TempDir Path folder) throws IOException {
		Path file = write(folder, yaml + "\n");
		set("dbtls.provider", "mysql", "file [%s] - 1:1".formatted(file));
		LiveState.Yaml shown = ConfigurationText.of(this.policy);
		assertThat(shown).isNotNull();
		assertThat(shown.text()).startsWith("dbtls").doesNotContain("s3", "cret");
	}

	@Test
	void passwordSetElsewhereIsNotShown() {
		set("dbtls.provider", "mysql", "System Environment Property \"DBTLS_PROVIDER\"");
		set("dbtls.ca-pass-word", "s3cret", "System Environment Property \"DBTLS_CAPASSWORD\"");
		assertYaml("System Environment Property \"DBTLS_PROVIDER\"", "dbtls.provider: mysql\n");
	}

	@Test
	void whatIsSetElsewhereInTheFileIsTold(@TempDir Path folder) throws IOException {
		Path file = write(folder, """
				dbtls.reload-interval: 1s
				---
				dbtls:
				  provider: mysql
				""");
		set("dbtls.provider", "mysql", "file [%s] - 4:13".formatted(file));
		set("dbtls.reload-interval", "PT1S", "file [%s] - 1:24".formatted(file));
		assertYaml(file.toString(), """
				dbtls:
				  provider: mysql
				""", this.policy.get(1));
	}

	@Test
	void whatIsSetElsewhereIsTold() {
		set("dbtls.provider", "mysql", "class path resource [live/application-example.yml] - 5:13");
		set("dbtls.tls-versions", "TLSv1.3", "System Environment Property \"DBTLS_TLSVERSIONS\"");
		assertYaml("live/application-example.yml", EXAMPLE, this.policy.get(1));
	}

	@Test
	void withoutFileItIsWhatIsInForce() {
		set("dbtls.provider", "mysql", "System Environment Property \"DBTLS_PROVIDER\"");
		set("dbtls.ca-path", "/tmp/ca.pem", null);
		assertYaml("System Environment Property \"DBTLS_PROVIDER\"", """
				dbtls.provider: mysql
				dbtls.ca-path: /tmp/ca.pem
				""");
	}

	@Test
	void withoutBlockItIsWhatIsInForce(@TempDir Path folder) throws IOException {
		Path file = write(folder, "dbtls.provider: mysql\n");
		set("dbtls.provider", "mysql", "file [%s] - 1:17".formatted(file));
		assertYaml("file [%s] - 1:17".formatted(file), "dbtls.provider: mysql\n");
		this.policy.clear();
		set("dbtls.provider", "mysql", "class path resource [gone.yml] - 1:1");
		assertYaml("class path resource [gone.yml] - 1:1", "dbtls.provider: mysql\n");
	}

	@Test
	void withoutPropertiesThereIsNone() {
		assertThat(ConfigurationText.of(this.policy)).isNull();
	}

	private static Path write(Path folder, String text) throws IOException {
		return Files.writeString(folder.resolve("application.yml"), text);
	}

	private void set(String property, String value, @Nullable String location) {
		this.policy.add(new LiveState.Setting("any", value, "property", property, location));
	}

	private void assertYaml(String file, String text, LiveState.Setting... elsewhere) {
		assertThat(ConfigurationText.of(this.policy)).isEqualTo(new LiveState.Yaml(file, text, List.of(elsewhere)));
	}

}
