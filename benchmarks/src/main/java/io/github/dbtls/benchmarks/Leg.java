package io.github.dbtls.benchmarks;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * One combination of JDK, server, version of TLS and kind of key.
 *
 * @param jdk the feature version of the JDK that measures
 * @param tls JSSE's name of the only version of TLS that is offered
 * @param server the server
 */
record Leg(int jdk, String tls, Server server) {

	Label label() {
		return new Label(this.jdk, this.server.name(), this.tls, this.server.key());
	}

	Leg at(Server server) {
		return new Leg(this.jdk, this.tls, server);
	}

	void write(Path file) throws IOException {
		Properties properties = new Properties();
		properties.setProperty("jdk", Integer.toString(this.jdk));
		properties.setProperty("tls", this.tls);
		this.server.write(properties);
		try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
			properties.store(writer, null);
		}
	}

	static Leg read(Path file) throws IOException {
		Properties properties = new Properties();
		try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
			properties.load(reader);
		}
		return new Leg(Integer.parseInt(properties.getProperty("jdk")), properties.getProperty("tls"),
				Server.read(properties));
	}

	/**
	 * What of a leg is told to the reader.
	 *
	 * @param jdk the feature version of the JDK
	 * @param server the name of the server
	 * @param tls the version of TLS
	 * @param key the kind of key
	 */
	record Label(int jdk, String server, String tls, String key) {

		/**
		 * Return whether all scenarios run here: the kind of key makes a difference to
		 * handshakes only, and a second server's what it resumes.
		 * @return whether they do
		 */
		boolean isMain() {
			return this.key.equals(Server.RSA) && !this.server.startsWith("TiDB");
		}

		@Override
		public String toString() {
			return "%s, %s, %s, JDK %d".formatted(this.server, this.tls, this.key, this.jdk);
		}

	}

}
