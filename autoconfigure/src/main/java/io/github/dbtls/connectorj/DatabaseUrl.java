package io.github.dbtls.connectorj;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.mysql.cj.conf.ConnectionUrl;
import org.jspecify.annotations.Nullable;

/**
 * What a JDBC URL leads to.
 */
public enum DatabaseUrl {

	/** A MySQL-protocol database through Connector/J: it is secured. */
	MYSQL,

	/** A MySQL-protocol database through something else: it cannot be secured. */
	OTHER_DRIVER,

	/** Another database: it is left alone. */
	OTHER_DATABASE,

	/** Perhaps a MySQL-protocol database, perhaps another: nobody here can tell. */
	UNKNOWN;

	private static final Pattern CONNECTOR_J = Pattern.compile("jdbc:mysql(\\+srv)?:.*", Pattern.DOTALL);

	/**
	 * MariaDB Connector/J, and drivers that wrap another one: {@code jdbc:tc:mysql:},
	 * {@code jdbc:p6spy:mysql:}, {@code jdbc:aws-wrapper:mysql:}.
	 */
	private static final Pattern ANOTHER_DRIVER = Pattern
		.compile("jdbc:(?:(mariadb|tidb)(:.*)?|[^/?;@]*:(mysql|mariadb|tidb)(\\+srv)?:.*)", Pattern.DOTALL);

	/**
	 * Drivers that open the connections of the one that is named behind them.
	 */
	private static final Pattern WRAPPER = Pattern.compile(
			"(?:jdbc-secretsmanager:|jdbc:(?:tc|p6spy|otel|opentelemetry|tracing|aws-wrapper|log4jdbc|jdbcdslog):)(?:jdbc:)?(.*)",
			Pattern.DOTALL);

	private static final Pattern SCHEME = Pattern.compile("jdbc:([^:/?;@]+)(:.*)?", Pattern.DOTALL);

	private static final Pattern BEGINNING = Pattern.compile("(?i)jdbc(-secretsmanager)?:([a-z][a-z0-9+._-]*:)?");

	/**
	 * The schemes of drivers that never speak MySQL's protocol. A list of what is
	 * harmless can only be too short; one of what is not lets the next proxy for MySQL
	 * through.
	 */
	private static final Set<String> OTHER_DATABASES = Set.of("arrow-flight-sql", "as400", "athena", "avatica",
			"awsathena", "bigquery", "calcite", "cassandra", "ch", "clickhouse", "cloudspanner", "crate", "cubrid",
			"databricks", "db2", "db2j", "derby", "dm", "dremio", "drill", "duckdb", "edb", "elasticsearch", "es",
			"exa", "firebird", "firebirdsql", "gaussdb", "h2", "highgo", "hive2", "hsqldb", "ignite", "impala",
			"informix-sqli", "ingres", "interbase", "jtds", "kingbase", "kingbase8", "kylin", "monetdb", "mongodb",
			"neo4j", "netezza", "opengauss", "opensearch", "oracle", "pgsql", "phoenix", "pinot", "postgresql",
			"presto", "redshift", "sap", "snowflake", "spark", "sqlite", "sqlserver", "sybase", "taos", "taos-rs",
			"teradata", "trino", "ucanaccess", "vertica", "xugu", "yugabytedb");

	/**
	 * Tell what a URL leads to, without connecting.
	 * @param url the URL
	 * @param driverClassName the driver that opens it, or {@code null} if
	 * {@link java.sql.DriverManager} finds it
	 * @return what it leads to
	 */
	public static DatabaseUrl of(String url, @Nullable String driverClassName) {
		String lowerCase = url.trim().toLowerCase(Locale.ROOT);
		if (CONNECTOR_J.matcher(lowerCase).matches()) {
			boolean ours = driverClassName == null || driverClassName.isBlank() || isConnectorJ(driverClassName);
			return (ours && ConnectionUrl.acceptsUrl(url)) ? MYSQL : OTHER_DRIVER;
		}
		String wrapped = withoutWrappers(lowerCase);
		Matcher scheme = SCHEME.matcher(wrapped);
		if (scheme.matches() && OTHER_DATABASES.contains(scheme.group(1))) {
			return OTHER_DATABASE;
		}
		boolean mySql = CONNECTOR_J.matcher(wrapped).matches() || ANOTHER_DRIVER.matcher(wrapped).matches();
		return mySql ? OTHER_DRIVER : UNKNOWN;
	}

	/**
	 * Return how a URL begins, which has no secret.
	 * @param url the URL
	 * @return its scheme and that of its driver
	 */
	public static String beginning(String url) {
		Matcher matcher = BEGINNING.matcher(url.trim());
		return matcher.lookingAt() ? matcher.group() + "…" : "…";
	}

	private static String withoutWrappers(String url) {
		Matcher wrapper = WRAPPER.matcher(url);
		return wrapper.matches() ? withoutWrappers("jdbc:" + wrapper.group(1)) : url;
	}

	/**
	 * Return whether a class is a driver or DataSource of Connector/J.
	 * @param className the class's name, or {@code null} if unknown
	 * @return whether it is one
	 */
	public static boolean isConnectorJ(@Nullable String className) {
		return className != null
				&& (className.startsWith("com.mysql.cj.jdbc.") || className.equals("com.mysql.jdbc.Driver"));
	}

}
