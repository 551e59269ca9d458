package io.github.dbtls.connectorj;

import java.util.Locale;
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
	OTHER_DATABASE;

	private static final Pattern CONNECTOR_J = Pattern.compile("jdbc:mysql(\\+srv)?:.*", Pattern.DOTALL);

	/**
	 * MariaDB Connector/J, and drivers that wrap another one: {@code jdbc:tc:mysql:},
	 * {@code jdbc:p6spy:mysql:}, {@code jdbc:aws-wrapper:mysql:}. A database that is merely
	 * called so, {@code jdbc:h2:mem:mysql}, has no colon behind the name.
	 */
	private static final Pattern ANOTHER_DRIVER = Pattern
		.compile("jdbc:(?:(mariadb|tidb)(:.*)?|[^/?;@]*:(mysql|mariadb|tidb)(\\+srv)?:.*)", Pattern.DOTALL);

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
		return ANOTHER_DRIVER.matcher(lowerCase).matches() ? OTHER_DRIVER : OTHER_DATABASE;
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
