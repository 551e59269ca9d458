package io.github.dbtls;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The causes of an exception. They may go round in a circle, so that nobody follows them
 * for ever.
 */
public final class Causes {

	/** Boot, Hibernate, HikariCP and the driver together make fewer than twenty. */
	private static final int MOST = 30;

	private Causes() {
	}

	/**
	 * Return an exception and its causes.
	 * @param thrown the exception, or {@code null}
	 * @return all of them, the outermost first
	 */
	public static List<Throwable> of(@Nullable Throwable thrown) {
		List<Throwable> causes = new ArrayList<>();
		Throwable current = thrown;
		while (current != null && causes.size() < MOST) {
			causes.add(current);
			current = current.getCause();
		}
		return causes;
	}

	/**
	 * Find an exception by its type.
	 * @param <T> the type
	 * @param thrown the exception, or {@code null}
	 * @param type the type
	 * @return the outermost of that type, or {@code null} if there is none
	 */
	public static <T> @Nullable T find(@Nullable Throwable thrown, Class<T> type) {
		return of(thrown).stream().filter(type::isInstance).map(type::cast).findFirst().orElse(null);
	}

	/**
	 * Return the first cause of all.
	 * @param thrown the exception
	 * @return the innermost one
	 */
	public static Throwable innermost(Throwable thrown) {
		List<Throwable> causes = of(thrown);
		return causes.get(causes.size() - 1);
	}

}
