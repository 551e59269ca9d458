package io.github.dbtls.sample.stage;

/**
 * How closely the application looks at the server, which decides what an impostor gets.
 */
enum Verification {

	/** Authority and name. */
	IDENTITY {

		@Override
		String watch(Demonstration demonstration, String usual) {
			return usual;
		}

	},

	/** Authority alone. */
	CHAIN {

		@Override
		String watch(Demonstration demonstration, String usual) {
			return (demonstration == Demonstration.IMPOSTOR_WRONG_NAME)
					? "The mode in force is verify-ca, which checks no name: the impostor gets through and reads "
							+ "everything. Only verify-identity keeps him out."
					: usual;
		}

	},

	/** Nothing. */
	NONE {

		@Override
		String watch(Demonstration demonstration, String usual) {
			return switch (demonstration) {
				case IMPOSTOR_OTHER_CA, IMPOSTOR_WRONG_NAME ->
					"The mode in force is required, which verifies nothing: the impostor gets through and reads "
							+ "everything.";
				case EXPIRE_CERTIFICATE -> "The mode in force is required, which verifies nothing: orders go on.";
				default -> usual;
			};
		}

	};

	abstract String watch(Demonstration demonstration, String usual);

	/**
	 * Find out by the mode in force.
	 * @param sslMode the mode as it is spelt in settings
	 * @return how closely the application looks
	 */
	static Verification of(String sslMode) {
		return switch (sslMode) {
			case "required" -> NONE;
			case "verify-ca" -> CHAIN;
			default -> IDENTITY;
		};
	}

}
