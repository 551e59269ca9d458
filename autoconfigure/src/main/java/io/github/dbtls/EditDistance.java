package io.github.dbtls;

/**
 * How far a misspelt name is from one that exists.
 */
public final class EditDistance {

	private EditDistance() {
	}

	/**
	 * Count the letters to insert, remove or replace (Levenshtein).
	 * @param wanted what was written
	 * @param known what exists
	 * @return the number of changes
	 */
	public static int between(String wanted, String known) {
		int[] previous = new int[known.length() + 1];
		for (int j = 0; j <= known.length(); j++) {
			previous[j] = j;
		}
		for (int i = 1; i <= wanted.length(); i++) {
			int[] row = new int[known.length() + 1];
			row[0] = i;
			for (int j = 1; j <= known.length(); j++) {
				int substitution = previous[j - 1] + ((wanted.charAt(i - 1) == known.charAt(j - 1)) ? 0 : 1);
				row[j] = Math.min(substitution, Math.min(previous[j], row[j - 1]) + 1);
			}
			previous = row;
		}
		return previous[known.length()];
	}

}
