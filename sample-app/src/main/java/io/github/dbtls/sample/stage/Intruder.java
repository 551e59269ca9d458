package io.github.dbtls.sample.stage;

import io.github.dbtls.sample.pki.Hierarchy;
import io.github.dbtls.sample.pki.ServerCertificate;

/**
 * Who may stand in front of the database.
 */
enum Intruder {

	/** All names are right, and the signatures are somebody else's. */
	OTHER_CA("CN=localhost from a stranger's authority",
			"An impostor stands in front of the database: the names in his certificates are the right ones, the keys "
					+ "are his own.") {

		@Override
		ServerCertificate certificate(Hierarchy hierarchy) {
			return hierarchy.stranger().issue();
		}

	},

	/** The certificate is genuine, and of another server. */
	WRONG_NAME("CN=" + Hierarchy.OTHER_NAME,
			"An impostor stands in front of the database: the right authority issued his certificate, to "
					+ Hierarchy.OTHER_NAME + ".") {

		@Override
		ServerCertificate certificate(Hierarchy hierarchy) {
			return hierarchy.issueForOtherName();
		}

	};

	private final String title;

	private final String arrival;

	Intruder(String title, String arrival) {
		this.title = title;
		this.arrival = arrival;
	}

	String title() {
		return this.title;
	}

	String arrival() {
		return this.arrival;
	}

	/**
	 * Get the certificate that he shows.
	 * @param hierarchy the hierarchy of the real database
	 * @return the certificate
	 */
	abstract ServerCertificate certificate(Hierarchy hierarchy);

}
