package io.github.dbtls.integration.setups.devtools;

import java.lang.reflect.Field;
import java.sql.Connection;
import java.util.Map;

import com.zaxxer.hikari.HikariDataSource;
import io.github.dbtls.TlsSession;
import io.github.dbtls.connectorj.ConnectionSession;
import io.github.dbtls.connectorj.PoolRegistry;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Adds a row at each start, and tells on the console what it found then.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = { HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class })
public class RestartingApplication {

	public static void main(String[] args) throws Exception {
		ConfigurableApplicationContext context = SpringApplication.run(RestartingApplication.class, args);
		HikariDataSource pool = context.getBean(HikariDataSource.class);
		try (Connection first = pool.getConnection(); Connection second = pool.getConnection()) {
			TlsSession session = ConnectionSession.of(first);
			boolean both = session != null && ConnectionSession.of(second) != null;
			JdbcClient client = JdbcClient.create(new SingleConnectionDataSource(first, true));
			client.sql("INSERT INTO start VALUES ()").update();
			System.out.printf("READY rows=%d secured=%s pools=%d threads=%d loader=%s%n",
					client.sql("SELECT COUNT(*) FROM start").query(Integer.class).single(), both, pools(), threads(),
					Thread.currentThread().getContextClassLoader().getClass().getSimpleName());
		}
		catch (Exception ex) {
			System.out.println("REFUSED pools=%d threads=%d".formatted(pools(), threads()));
			ex.printStackTrace(System.out);
			System.out.println("END");
		}
	}

	private static int pools() throws ReflectiveOperationException {
		Field pools = PoolRegistry.class.getDeclaredField("pools");
		pools.setAccessible(true);
		return ((Map<?, ?>) pools.get(null)).size();
	}

	private static long threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().matches("(?i).*(hikari|dbtls|tls-).*housekeeper.*|dbtls-reload"))
			.count();
	}

}
