package io.github.dbtls.connectorj;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DatabaseUrl}.
 */
class DatabaseUrlTests {

	@ParameterizedTest
	@CsvSource(textBlock = """
			jdbc:mysql://db/shop,                          ,                                          MYSQL
			jdbc:mysql://db/shop,                          com.mysql.cj.jdbc.Driver,                  MYSQL
			jdbc:mysql://db/shop,                          com.mysql.jdbc.Driver,                     MYSQL
			jdbc:mysql://db/shop,                          com.mysql.cj.jdbc.MysqlDataSource,         MYSQL
			jdbc:mysql://db/shop,                          '',                                        MYSQL
			jdbc:mysql:loadbalance://a;b/shop,             ,                                          MYSQL
			jdbc:mysql:replication://a/shop,               ,                                          MYSQL
			jdbc:mysql+srv://db/shop,                      ,                                          MYSQL
			jdbc:mysql+srv:replication://db/shop,          ,                                          MYSQL
			jdbc:mysql://db/shop,                          org.mariadb.jdbc.Driver,                   OTHER_DRIVER
			jdbc:mysql://db/shop,                          software.amazon.jdbc.Driver,               OTHER_DRIVER
			jdbc:mysql:nonsense://db/shop,                 ,                                          OTHER_DRIVER
			JDBC:MYSQL://db/shop,                          ,                                          MYSQL
			jdbc:mariadb://db/shop,                        ,                                          OTHER_DRIVER
			jdbc:tidb://db/shop,                           ,                                          OTHER_DRIVER
			jdbc:tc:mysql:8.4:///shop,                     ,                                          OTHER_DRIVER
			jdbc:p6spy:mysql://db/shop,                    ,                                          OTHER_DRIVER
			jdbc:aws-wrapper:mysql://db/shop,              ,                                          OTHER_DRIVER
			jdbc:log4jdbc:mariadb://db/shop,               ,                                          OTHER_DRIVER
			jdbc:otel:mysql+srv://db/shop,                 ,                                          OTHER_DRIVER
			jdbc:h2:mem:mysql,                             ,                                          OTHER_DATABASE
			jdbc:h2:mem:test;MODE=mysql,                   ,                                          OTHER_DATABASE
			jdbc:postgresql://mysql:5432/mysql,            ,                                          OTHER_DATABASE
			jdbc:sqlserver://mysql:1433;databaseName=a,    ,                                          OTHER_DATABASE
			jdbc:oracle:thin:@mysql:1521,                  ,                                          OTHER_DATABASE
			jdbc:tc:postgresql:16:///shop,                 ,                                          OTHER_DATABASE
			jdbc:p6spy:h2:mem:a,                           ,                                          OTHER_DATABASE
			jdbc:otel:oracle:thin:@db:1521,                ,                                          OTHER_DATABASE
			jdbc:aws-wrapper:postgresql://db/shop,         ,                                          OTHER_DATABASE
			jdbc:log4jdbc:sqlserver://db,                  ,                                          OTHER_DATABASE
			jdbc:p6spy:otel:sqlite:a,                      ,                                          OTHER_DATABASE
			jdbc-secretsmanager:postgresql://db/a,         ,                                          OTHER_DATABASE
			jdbc-secretsmanager:mysql://db/shop,           ,                                          OTHER_DRIVER
			jdbc:p6spy:otel:mysql://db/shop,               ,                                          OTHER_DRIVER
			jdbc:aws-wrapper:mariadb://db/shop,            ,                                          OTHER_DRIVER
			jdbc:acme:mysql://db/shop,                     ,                                          OTHER_DRIVER
			jdbc:log4jdbc:jdbc:mysql://db/shop,            ,                                          OTHER_DRIVER
			JDBC:Kingbase8://db/shop,                      ,                                          OTHER_DATABASE
			jdbc:sqlite:mysql:file,                        ,                                          OTHER_DATABASE
			jdbc:shardingsphere:classpath:a.yaml,          ,                                          UNKNOWN
			jdbc:oceanbase://db/shop,                      ,                                          UNKNOWN
			jdbc:singlestore://db/shop,                    ,                                          UNKNOWN
			jdbc:memsql://db/shop,                         ,                                          UNKNOWN
			jdbc:tc:acme:///shop,                          ,                                          UNKNOWN
			jdbc:h2x:mem:a,                                ,                                          UNKNOWN
			jdbc:,                                         ,                                          UNKNOWN
			jdbc:tc:,                                      ,                                          UNKNOWN
			mysql://db/shop,                               ,                                          UNKNOWN
			https://db.example.com,                        ,                                          UNKNOWN
			""")
	void urlIsRecognised(String url, String driver, DatabaseUrl expected) {
		assertThat(DatabaseUrl.of(url, driver)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "jdbc:mysql://app:hidden-word@db/shop,             jdbc:mysql:…",
			"jdbc:acme:user=app;password=hidden-word,          jdbc:acme:…",
			"JDBC:Acme-1:secret:2,                        JDBC:Acme-1:…", "jdbc:secret,                    jdbc:…",
			"jdbc://secret:1,                             jdbc:…",
			"jdbc-secretsmanager:acme://secret,           jdbc-secretsmanager:acme:…",
			"secret,                                      …" })
	void beginningHasNoSecret(String url, String expected) {
		assertThat(DatabaseUrl.beginning(url)).isEqualTo(expected);
	}

	@Test
	void classIsRecognisedByItsPackage() {
		assertThat(DatabaseUrl.isConnectorJ(null)).isFalse();
		assertThat(DatabaseUrl.isConnectorJ("com.mysql.cj.jdbc.MysqlDataSource")).isTrue();
		assertThat(DatabaseUrl.isConnectorJ("com.mysqlx.Evil")).isFalse();
	}

}
