package io.github.dbtls.sample;

import java.util.Arrays;

import io.github.dbtls.check.DbTlsCheck;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Application as any user of the starter would write it: nothing in it knows of TLS, but
 * that its jar also checks a server ({@code java -jar … check --help}).
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
