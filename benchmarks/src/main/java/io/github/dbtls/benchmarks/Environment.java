package io.github.dbtls.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.zaxxer.hikari.HikariConfig;

import org.springframework.boot.SpringBootVersion;

/**
 * What the numbers depend on: nothing that names the machine or its user.
 */
final class Environment {

	private Environment() {
	}

	static Map<String, String> of(List<Jdk> jdks, Map<String, String> servers) {
		Map<String, String> facts = new LinkedHashMap<>();
		facts.put("Date", LocalDate.now(ZoneOffset.UTC).toString());
		facts.put("CPU", "%s, %d cores for the JVM".formatted(cpu(), Runtime.getRuntime().availableProcessors()));
		facts.put("System", System.getProperty("os.name") + " " + System.getProperty("os.version"));
		facts.put("JDKs", String.join(", ", jdks.stream().map(Jdk::version).toList()));
		servers.forEach((name, version) -> facts.put(name, version));
		facts.put("MySQL Connector/J", version(com.mysql.cj.jdbc.Driver.class));
		facts.put("MariaDB Connector/J", version(org.mariadb.jdbc.Driver.class));
		facts.put("HikariCP", version(HikariConfig.class));
		facts.put("Spring Boot", SpringBootVersion.getVersion());
		return facts;
	}

	private static String cpu() {
		try {
			return Files.readAllLines(Path.of("/proc/cpuinfo"))
				.stream()
				.filter((line) -> line.startsWith("model name"))
				.map((line) -> line.substring(line.indexOf(':') + 1).strip())
				.findFirst()
				.orElse(System.getProperty("os.arch"));
		}
		catch (IOException ex) {
			return System.getProperty("os.arch");
		}
	}

	private static String version(Class<?> type) {
		// By the name of its jar: not every manifest tells it.
		String path = type.getProtectionDomain().getCodeSource().getLocation().getPath();
		return path.replaceAll(".*-([0-9][^/]*)\\.jar$", "$1");
	}

}
