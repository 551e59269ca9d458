package io.github.dbtls.check;

import java.util.stream.Collectors;

import io.github.dbtls.Provider;

/**
 * What {@code --help} prints.
 */
final class CheckHelp {

	private CheckHelp() {
	}

	static String text() {
		return """
				Checks how dbtls would secure connections to a MySQL-protocol server. It never logs in.

				  --provider=ID            %s
				  --host=NAME              host name or address
				  --port=NUMBER            default 3306, with TiDB 4000
				  --url=JDBC-URL           in place of host and port; all hosts are checked, credentials are ignored
				  --address=NAME           connect to this instead of what the host's name leads to
				  --ca-path=FILE           trusted authorities
				  --ssl-mode=MODE          verify-identity, verify-ca or required; default by provider
				  --tls-versions=LIST      default TLSv1.3,TLSv1.2
				  --ciphers=LIST           cipher suites, by JSSE's names
				  --client-certificate=FILE, --client-private-key=FILE
				                           for mutual TLS, PEM
				  --timeout=DURATION       for connecting, and for each handshake; default 10s
				  --all-ciphers            all cipher suites that the server accepts: a connection for each
				  --quick                  the verdict alone: one connection
				  --debug                  stack traces
				  --help                   this text

				Passwords are read from the environment: DBTLS_CAPASSWORD, DBTLS_CLIENTPRIVATEKEYPASSWORD.

				Exit codes: 0 verified; 1 not verified; 2 arguments or files that cannot be used.
				""".formatted(Provider.builtIn().stream().map(Provider::id).collect(Collectors.joining(", ")));
	}

}
