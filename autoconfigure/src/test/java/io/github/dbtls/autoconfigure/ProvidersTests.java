package io.github.dbtls.autoconfigure;

import java.util.List;

import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.Provider;
import io.github.dbtls.TlsSettings.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Providers}.
 */
class ProvidersTests {

	private static final String BUILT_IN = "tidb-serverless, tidb-dedicated, tidb, aws-rds, tencentdb, mysql";

	private final Providers providers = new Providers(List.of());

	@ParameterizedTest
	@ValueSource(strings = { "tidb-serverless", "tidb-dedicated", "tidb", "aws-rds", "tencentdb", "mysql", " mysql " })
	void getWhenBuiltInReturnsIt(String id) {
		assertThat(this.providers.get(setting(id)).id()).isEqualTo(id.trim());
	}

	@Test
	void getWhenABeanReturnsIt() {
		Provider acme = Provider.withId("acme-mysql").build();
		Providers withAcme = new Providers(List.of(acme));
		assertThat(withAcme.get(setting("acme-mysql"))).isSameAs(acme);
		assertThat(withAcme.ids()).isEqualTo(BUILT_IN + ", acme-mysql");
	}

	@ParameterizedTest(name = "{0}: {1}")
	@CsvSource({ "tidb-severless, tidb-serverless", "tidb-serverles, tidb-serverless",
			"TIDB_SERVERLESS, tidb-serverless", "serverless, tidb-serverless", "TiDB-Dedicated, tidb-dedicated",
			"tidb-dedicate, tidb-dedicated", "dedicated, tidb-dedicated", "TiDB, tidb", "tdib, tidb", "rds, aws-rds",
			"aws, aws-rds", "AWS_RDS, aws-rds", "amazon-rds, aws-rds", "aws-rds-mysql, aws-rds", "tencent, tencentdb",
			"tencent-db, tencentdb", "TencentDB, tencentdb", "mysql8, mysql", "MySQL, mysql", "mysql-8.0, mysql",
			"my-sql, mysql" })
	void getWhenUnknownListsTheNearestFirst(String id, String nearest) {
		assertThatExceptionOfType(DbTlsConfigurationException.class).isThrownBy(() -> this.providers.get(setting(id)))
			.withMessage("'dbtls.provider' is '%s', which is no known provider.", id)
			.satisfies((ex) -> {
				assertThat(ex.getProperty()).isEqualTo("dbtls.provider");
				assertThat(ex.getAction()).startsWith("Set it to one of, nearest first: %s, ".formatted(nearest))
					.endsWith(". A provider of your own is a bean of type 'io.github.dbtls.Provider'.")
					.contains(BUILT_IN.split(", "));
			});
	}

	@Test
	void getWhenABeanIsNearestListsItFirst() {
		Providers withAcme = new Providers(List.of(Provider.withId("acme-mysql").build()));
		assertThatExceptionOfType(DbTlsConfigurationException.class).isThrownBy(() -> withAcme.get(setting("acme")))
			.satisfies((ex) -> assertThat(ex.getAction()).contains("nearest first: acme-mysql, "));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "\t" })
	void getWhenBlankListsAll(String blank) {
		assertThatExceptionOfType(DbTlsConfigurationException.class)
			.isThrownBy(() -> this.providers.get(new Setting<>("dbtls.data-sources.orders.provider", blank)))
			.withMessage("'dbtls.data-sources.orders.provider' is empty.")
			.satisfies((ex) -> {
				assertThat(ex.getProperty()).isEqualTo("dbtls.data-sources.orders.provider");
				assertThat(ex.getAction())
					.isEqualTo("Set it to one of: %s. To secure nothing, set 'dbtls.enabled: false'.", BUILT_IN);
			});
	}

	@Test
	void createWhenABeanHasTheIdOfABuiltInOneFails() {
		assertDuplicate(List.of(Provider.withId("mysql").build()), "mysql");
	}

	@Test
	void createWhenTwoBeansHaveOneIdFails() {
		assertDuplicate(List.of(Provider.withId("acme").build(), Provider.withId("acme").build()), "acme");
	}

	private void assertDuplicate(List<Provider> beans, String id) {
		assertThatExceptionOfType(DbTlsConfigurationException.class).isThrownBy(() -> new Providers(beans))
			.withMessage("Two providers have the id '%s'.", id)
			.satisfies((ex) -> assertThat(ex.getAction())
				.isEqualTo("Give the Provider bean an id of its own; the built-in ones cannot be replaced."));
	}

	private static Setting<String> setting(String id) {
		return new Setting<>("dbtls.provider", id);
	}

}
