package io.github.dbtls.sample.embedded;

import java.nio.file.Path;
import java.util.List;

import io.github.dbtls.sample.pki.ServerCertificate;

/**
 * Where the server has its program, its data, and what it shows to its clients.
 *
 * @param folder the folder of all of them
 */
record ServerFiles(PrivateFolder folder) {

	Path base() {
		return this.folder.resolve("base");
	}

	Path data() {
		return this.folder.resolve("data");
	}

	Path temporary() {
		return this.folder.resolve("tmp");
	}

	Path socket() {
		return this.folder.resolve("socket");
	}

	/**
	 * Put a certificate in place. The server reads it when it starts or is told to.
	 * @param certificate the certificate
	 */
	void replace(ServerCertificate certificate) {
		this.folder.replace("server-key.pem", certificate.privateKeyPem());
		this.folder.replace("server.pem", certificate.chainPem());
	}

	List<String> arguments() {
		// No --ssl-ca: it would be for certificates of clients, which have none.
		return List.of("--ssl-cert=" + this.folder.resolve("server.pem"),
				"--ssl-key=" + this.folder.resolve("server-key.pem"));
	}

}
