package io.github.dbtls.sample.embedded;

import java.util.Arrays;

import io.github.dbtls.sample.pki.TrustFormat;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;

/**
 * Provider whose shape the embedded database takes: what its clients have to trust, in
 * the form in which the provider hands it out. The configuration that goes with it is the
 * file of its profile.
 */
public enum Shape {

	/** A server of one's own. */
	MYSQL("mysql", "MySQL", TrustFormat.PEM, "A server of your own, and the CA certificate of whoever runs it."),

	/** TiDB Cloud Dedicated. */
	TIDB_DEDICATED("tidb-dedicated", "TiDB Cloud Dedicated", TrustFormat.PEM,
			"Each cluster has an authority of its own; its certificate is a download of the console."),

	/** TiDB Cloud Starter. */
	TIDB_SERVERLESS("tidb-serverless", "TiDB Cloud Starter", null,
			"A public authority, which every JVM trusts: no CA file at all. Here the sample adds its own root to the "
					+ "JVM's. User names have the cluster's prefix."),

	/** Amazon RDS and Aurora. */
	AWS_RDS("aws-rds", "Amazon RDS", TrustFormat.BUNDLE,
			"One bundle with the authorities of all regions, 115 of them; a certificate in the middle is the one."),

	/** TencentDB, the download of its console. */
	TENCENTDB_ZIP("tencentdb-zip", "TencentDB, zip", TrustFormat.ZIP,
			"The zip of the console as it is. TencentDB's certificates hold no host names, so that its preset verifies the chain alone."),

	/** TencentDB, a file out of that download. */
	TENCENTDB_JKS("tencentdb-jks", "TencentDB, JKS", TrustFormat.JKS,
			"The key store out of the console's zip; dbtls knows its password. The chain alone is verified.");

	/** The profile of all shapes. */
	public static final String PROFILE = "embedded";

	/** The profile of all shapes but the default. */
	public static final String MARKER = "shape";

	private final String id;

	private final String title;

	private final @Nullable TrustFormat format;

	private final String note;

	Shape(String id, String title, @Nullable TrustFormat format, String note) {
		this.id = id;
		this.title = title;
		this.format = format;
		this.note = note;
	}

	/**
	 * Return the name in requests.
	 * @return the name
	 */
	public String id() {
		return this.id;
	}

	/**
	 * Return the name for people.
	 * @return the title
	 */
	public String title() {
		return this.title;
	}

	/**
	 * Return what is special about it.
	 * @return one or two sentences
	 */
	public String note() {
		return this.note;
	}

	/**
	 * Return the profile of the file with its configuration.
	 * @return the profile
	 */
	public String profile() {
		return (this == MYSQL) ? PROFILE : PROFILE + "-" + this.id;
	}

	/**
	 * Return the format of the CA file.
	 * @return the format, or {@code null} if the JVM's roots are trusted
	 */
	@Nullable TrustFormat format() {
		return this.format;
	}

	String username() {
		return (this == TIDB_SERVERLESS) ? Accounts.PREFIXED_USERNAME : Accounts.USERNAME;
	}

	/**
	 * Find the shape that is configured.
	 * @param environment the application's environment
	 * @return the shape
	 */
	public static Shape of(Environment environment) {
		return Arrays.stream(values())
			.filter((shape) -> shape != MYSQL && environment.acceptsProfiles(Profiles.of(shape.profile())))
			.findFirst()
			.orElse(MYSQL);
	}

}
