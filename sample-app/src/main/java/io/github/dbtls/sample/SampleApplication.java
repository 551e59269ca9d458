package io.github.dbtls.sample;

import java.util.Arrays;

import io.github.dbtls.check.DbTlsCheck;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Application that shows what the starter does. What uses the database, the guest book
 * and the orders, is as any user of the starter would write it and knows nothing of TLS;
 * all else looks at that from outside: the stage acts on the database's surroundings, and
 * the page tells what comes of it.
 * <p>
 * Its jar also checks a server ({@code java -jar … check --help}).
 */
@SpringBootApplication
public class SampleApplication {

	public static void main(String[] args) {
		if (Arrays.asList(args).contains("check")) {
			// Ends the JVM; no application is started.
			DbTlsCheck.main(Arrays.stream(args).filter((argument) -> !argument.equals("check")).toArray(String[]::new));
			return;
		}
		SpringApplication.run(SampleApplication.class, args);
	}

}
