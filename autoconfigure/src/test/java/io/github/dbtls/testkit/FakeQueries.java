package io.github.dbtls.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.SSLSession;

/**
 * Answers the few statements that the driver, the pool and this project send.
 */
final class FakeQueries {

	private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/", Pattern.DOTALL);

	private static final Pattern VARIABLE = Pattern.compile("(@@(?:session\\.|global\\.)?(\\w+))(?:\\s+AS\\s+(\\w+))?",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern QUOTED = Pattern.compile("'([^']*)'");

	private static final Pattern NUMBER = Pattern.compile("select\\s+(\\d+)(?:\\s+from\\s+dual)?");

	private static final Map<String, String> VARIABLES = Map.ofEntries(Map.entry("auto_increment_increment", "1"),
			Map.entry("character_set_client", "utf8mb4"), Map.entry("character_set_connection", "utf8mb4"),
			Map.entry("character_set_results", "utf8mb4"), Map.entry("character_set_server", "utf8mb4"),
			Map.entry("collation_server", "utf8mb4_0900_ai_ci"),
			Map.entry("collation_connection", "utf8mb4_0900_ai_ci"), Map.entry("init_connect", ""),
			Map.entry("interactive_timeout", "28800"), Map.entry("license", "GPL"),
			Map.entry("lower_case_table_names", "0"), Map.entry("max_allowed_packet", "67108864"),
			Map.entry("net_write_timeout", "60"), Map.entry("performance_schema", "1"),
			Map.entry("sql_mode", "STRICT_TRANS_TABLES"), Map.entry("system_time_zone", "UTC"),
			Map.entry("time_zone", "SYSTEM"), Map.entry("transaction_isolation", "REPEATABLE-READ"),
			Map.entry("transaction_read_only", "0"), Map.entry("wait_timeout", "28800"), Map.entry("autocommit", "1"));

	private final String version;

	private final Map<String, String> status;

	FakeQueries(String version, Map<String, String> status) {
		this.version = version;
		this.status = status;
	}

	/**
	 * Return the payloads that answer a statement.
	 * @param sql the statement
	 * @param session the TLS session of the connection, or {@code null}
	 * @return the payloads, in order
	 */
	List<byte[]> answer(String sql, SSLSession session) {
		String statement = COMMENT.matcher(sql).replaceAll("").trim();
		String lower = statement.toLowerCase(Locale.ROOT);
		if (lower.matches("(?s)(set|use|commit|rollback|begin|start)\\b.*")) {
			return List.of(MySqlPacket.ok());
		}
		if (lower.startsWith("select @@") || lower.startsWith("select  @@")) {
			return variables(statement);
		}
		if (lower.matches("(?s)show\\s+(session\\s+|global\\s+)?status\\b.*")) {
			return table(selected(statement, status(session)));
		}
		if (lower.matches("(?s)show\\s+(session\\s+|global\\s+)?variables\\b.*")) {
			return table(selected(statement, VARIABLES));
		}
		if (lower.equals("show warnings")) {
			return rows(List.of("Level", "Code", "Message"), List.of());
		}
		if (lower.equals("select version()")) {
			return rows(List.of("version()"), List.of(List.of(this.version)));
		}
		Matcher number = NUMBER.matcher(lower);
		if (number.matches()) {
			return rows(List.of(number.group(1)), List.of(List.of(number.group(1))));
		}
		return List.of(MySqlPacket.error(1064, "42000", "FakeMySqlServer has no answer to: " + statement));
	}

	private List<byte[]> variables(String statement) {
		List<String> columns = new ArrayList<>();
		List<String> values = new ArrayList<>();
		Matcher matcher = VARIABLE.matcher(statement);
		while (matcher.find()) {
			columns.add((matcher.group(3) != null) ? matcher.group(3) : matcher.group(1));
			String name = matcher.group(2).toLowerCase(Locale.ROOT);
			values.add(name.equals("version") ? this.version : VARIABLES.getOrDefault(name, ""));
		}
		return rows(columns, List.of(values));
	}

	private Map<String, String> status(SSLSession session) {
		Map<String, String> values = new LinkedHashMap<>();
		values.put("Ssl_cipher", (session != null) ? openSslName(session.getCipherSuite()) : "");
		values.put("Ssl_version", (session != null) ? session.getProtocol() : "");
		values.putAll(this.status);
		return values;
	}

	/**
	 * Return those whose names the statement quotes, {@code LIKE} patterns included, or
	 * all. The case matters, as it does on TiDB.
	 */
	private static Map<String, String> selected(String statement, Map<String, String> all) {
		List<String> patterns = QUOTED.matcher(statement)
			.results()
			.map((result) -> result.group(1).replace("\\_", "_").replace("%", ".*"))
			.toList();
		Map<String, String> selected = new LinkedHashMap<>();
		all.forEach((name, value) -> {
			if (patterns.isEmpty() || patterns.stream().anyMatch(name::matches)) {
				selected.put(name, value);
			}
		});
		return selected;
	}

	private static List<byte[]> table(Map<String, String> values) {
		return rows(List.of("Variable_name", "Value"),
				values.entrySet().stream().map((entry) -> List.of(entry.getKey(), entry.getValue())).toList());
	}

	private static List<byte[]> rows(List<String> columns, List<List<String>> rows) {
		List<byte[]> payloads = new ArrayList<>();
		payloads.add(MySqlPacket.columnCount(columns.size()));
		columns.stream().map(MySqlPacket::column).forEach(payloads::add);
		payloads.add(MySqlPacket.endOfRows());
		rows.stream().map(MySqlPacket::row).forEach(payloads::add);
		payloads.add(MySqlPacket.endOfRows());
		return payloads;
	}

	/**
	 * Return the name that MySQL has for a cipher suite: OpenSSL's.
	 */
	private static String openSslName(String jsseName) {
		if (!jsseName.contains("_WITH_")) {
			return jsseName;
		}
		return jsseName.replaceFirst("^TLS_(RSA_WITH_)?", "")
			.replace("_WITH_", "_")
			.replaceAll("AES_(\\d+)", "AES$1")
			.replaceFirst("(CHACHA20_POLY1305)_SHA256", "$1")
			.replace("_CBC_", "_")
			.replace('_', '-');
	}

}
