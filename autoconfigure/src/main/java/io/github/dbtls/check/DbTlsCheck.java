package io.github.dbtls.check;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;

import io.github.dbtls.DbTlsConfigurationException;
import io.github.dbtls.TlsHandshakeException;
import io.github.dbtls.connectorj.HostAddress;
import io.github.dbtls.diagnosis.CertificateText;

import org.springframework.boot.logging.LoggingSystem;

/**
 * Checks how a server would be secured, without starting an application and without a
 * login: which versions of TLS and cipher suites it accepts, what it presents, and
 * whether dbtls verifies it under a provider's policy.
 *
 * <pre class="code">
 * java -Dloader.main=io.github.dbtls.check.DbTlsCheck -cp app.jar \
 *   org.springframework.boot.loader.launch.PropertiesLauncher \
 *   --provider=mysql --host=db.example.com --ca-path=ca.pem</pre>
 *
 * The verdict comes from the same policy, trust manager and diagnosis as in an
 * application. The exit code is 0 if each host is verified, 1 if one is not, and 2 if
 * arguments or files cannot be used.
 */
public final class DbTlsCheck {

	static final int VERIFIED = 0;

	static final int NOT_VERIFIED = 1;

	static final int NO_VERDICT = 2;

	private final PrintStream out;

	private final PrintStream err;

	private final Map<String, String> environment;

	DbTlsCheck(PrintStream out, PrintStream err, Map<String, String> environment) {
		this.out = out;
		this.err = err;
		this.environment = environment;
	}

	/**
	 * Check a server, print a report, and end the JVM with an exit code.
	 * @param args {@code --help} lists them
	 */
	public static void main(String[] args) {
		// The report says all of it; a logging library that nobody configured prints on
		// the same stream, debug messages included.
		LoggingSystem.get(DbTlsCheck.class.getClassLoader()).beforeInitialize();
		System.exit(new DbTlsCheck(System.out, System.err, System.getenv()).run(args));
	}

	int run(String... args) {
		try {
			CheckArguments arguments = CheckArguments.parse(args, this.environment);
			return arguments.isHelpWanted() ? help() : check(CheckRequest.of(arguments));
		}
		catch (DbTlsConfigurationException ex) {
			this.err.println(CommandLineWords.of(ex.getMessage()));
			this.err.println(CommandLineWords.of(ex.getAction()));
			if (ex.getProperty() == null || CheckArguments.isOne(ex.getProperty())) {
				this.err.println("'--help' lists the arguments.");
			}
			return NO_VERDICT;
		}
		catch (RuntimeException ex) {
			return failed(ex, List.of(args).contains("--debug"));
		}
	}

	// No verdict must look like one.
	private int failed(RuntimeException thrown, boolean debug) {
		this.err.println("The check itself failed: %s, %s".formatted(thrown.getClass().getSimpleName(),
				CertificateText.clean(String.valueOf(thrown.getMessage()))));
		if (debug) {
			thrown.printStackTrace(this.err);
		}
		else {
			this.err.println("'--debug' shows where.");
		}
		return NO_VERDICT;
	}

	private int help() {
		this.out.print(CheckHelp.text());
		return VERIFIED;
	}

	int check(CheckRequest request) {
		boolean verified = true;
		boolean first = true;
		for (HostAddress host : request.hosts()) {
			if (!first) {
				this.out.println();
			}
			first = false;
			CheckReport report = new ServerCheck(request).check(host);
			this.out.print(new ReportText(request, report).text());
			this.out.flush();
			verified &= report.isVerified();
			TlsHandshakeException failure = report.failure();
			if (request.debug() && failure != null) {
				failure.printStackTrace(this.err);
			}
		}
		return verified ? VERIFIED : NOT_VERIFIED;
	}

}
