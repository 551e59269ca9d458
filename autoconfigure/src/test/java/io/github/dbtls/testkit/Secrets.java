package io.github.dbtls.testkit;

import java.math.BigInteger;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The passwords and private keys that the tests use, and a search for them in texts of
 * any length: {@link SecretsExtension} looks at everything that is logged, printed or
 * thrown. A password is recognised as it is, percent-encoded, in base64 and as an array;
 * a key by runs of its secret numbers in base64 (PEM, at any offset), hexadecimal,
 * decimal and as an array, and not by what all keys of a kind have in common.
 */
public final class Secrets {

	/**
	 * Every password that stands in a test, written where each can be seen: what is no
	 * ordinary word, so that it is found nowhere by chance. {@code SecretsTests} finds
	 * the one that is missing here.
	 */
	static final Set<String> PASSWORDS = Set.of("hidden-word", "dont-show-4711", "correct-horse-battery",
			"no-such-Pa55word", TestPool.PASSWORD, RealServers.PASSWORD, EmbeddedMariaDb.PASSWORD,
			TestCertificates.PASSWORD);

	/** What is looked up first; no secret is shorter. */
	private static final int WINDOW = 10;

	private static final int BASE64_RUN = 16;

	private static final int FILTER_BITS = 21;

	private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

	private static final long OLDEST = power(MULTIPLIER, WINDOW);

	/** One bit for each hash: most of a text is nothing like a secret. */
	private static final AtomicLongArray filter = new AtomicLongArray(1 << (FILTER_BITS - 6));

	private static final Map<Long, List<Form>> forms = new ConcurrentHashMap<>();

	static {
		PASSWORDS.forEach(Secrets::password);
	}

	private Secrets() {
	}

	/**
	 * Remember a password.
	 * @param password the password, which must not occur in texts by chance
	 * @return the password
	 */
	public static String password(String password) {
		if (password.length() < WINDOW) {
			throw new IllegalArgumentException("A password of the tests has %d characters at least".formatted(WINDOW));
		}
		String name = "password '%s…'".formatted(password.substring(0, 3));
		byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
		Set<String> texts = new LinkedHashSet<>();
		for (String text : List.of(password, password.toLowerCase(Locale.ROOT), password.toUpperCase(Locale.ROOT))) {
			texts.add(text);
			texts.add(URLEncoder.encode(text, StandardCharsets.UTF_8));
			texts.add(URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20"));
		}
		texts.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
		texts.add(inner(Arrays.toString(password.toCharArray())));
		texts.add(inner(Arrays.toString(bytes)));
		texts.forEach((text) -> add(name, text));
		return password;
	}

	/**
	 * Remember a private key.
	 * @param key the key, of the kind RSA or EC
	 * @return the key
	 */
	public static PrivateKey key(PrivateKey key) {
		if (key instanceof ECPrivateKey ec) {
			number("private key (EC)", ec.getS());
		}
		else if (key instanceof RSAPrivateCrtKey rsa) {
			number("private key (RSA)", rsa.getPrivateExponent());
			number("private key (RSA)", rsa.getPrimeP());
			number("private key (RSA)", rsa.getPrimeQ());
		}
		else {
			throw new IllegalArgumentException("No secret numbers are known of " + key.getClass());
		}
		return key;
	}

	private static void number(String name, BigInteger number) {
		byte[] bytes = number.toByteArray();
		int start = (bytes[0] == 0) ? 1 : 0;
		for (int offset = start; offset < start + 3; offset++) {
			String base64 = Base64.getEncoder().encodeToString(Arrays.copyOfRange(bytes, offset, offset + 24));
			// Two, since a line of PEM may end in one.
			add(name, base64.substring(0, BASE64_RUN));
			add(name, base64.substring(BASE64_RUN));
		}
		byte[] head = Arrays.copyOfRange(bytes, start, start + 12);
		add(name, HexFormat.of().formatHex(head));
		add(name, HexFormat.of().withUpperCase().formatHex(head));
		add(name, HexFormat.ofDelimiter(":").formatHex(head));
		add(name, HexFormat.ofDelimiter(":").withUpperCase().formatHex(head));
		add(name, HexFormat.ofDelimiter(" ").withUpperCase().formatHex(Arrays.copyOf(head, 8)));
		add(name, inner(Arrays.toString(head)));
		add(name, number.toString().substring(0, 24));
	}

	private static String inner(String array) {
		return array.substring(1, array.length() - 1);
	}

	private static synchronized void add(String name, String text) {
		long hash = 0;
		for (int i = 0; i < WINDOW; i++) {
			hash = hash * MULTIPLIER + text.charAt(i);
		}
		List<Form> sameHash = forms.computeIfAbsent(hash, (key) -> new CopyOnWriteArrayList<>());
		if (sameHash.stream().noneMatch((form) -> form.text().equals(text))) {
			sameHash.add(new Form(name, text));
			int bit = (int) (hash >>> (64 - FILTER_BITS));
			filter.set(bit >> 6, filter.get(bit >> 6) | 1L << bit);
		}
	}

	/**
	 * Look for secrets.
	 * @param text the text
	 * @return a description with the place in the text, secrets masked, or {@code null}
	 * if there is none
	 */
	public static String find(String text) {
		Form form = firstIn(text);
		return (form != null) ? "%s in: %s".formatted(form.name(), mask(text, form)) : null;
	}

	private static Form firstIn(String text) {
		long hash = 0;
		for (int i = 0; i < text.length(); i++) {
			hash = hash * MULTIPLIER + text.charAt(i);
			if (i >= WINDOW) {
				hash -= text.charAt(i - WINDOW) * OLDEST;
			}
			int bit = (int) (hash >>> (64 - FILTER_BITS));
			if ((filter.getPlain(bit >> 6) & 1L << bit) != 0 && i >= WINDOW - 1) {
				for (Form form : forms.getOrDefault(hash, List.of())) {
					if (text.startsWith(form.text(), i - WINDOW + 1)) {
						return form;
					}
				}
			}
		}
		return null;
	}

	private static String mask(String text, Form first) {
		int middle = text.indexOf(first.text());
		int end = Math.min(text.length(), middle + 300);
		String excerpt = text.substring(Math.max(0, middle - 300), end);
		for (Form form = first; form != null; form = firstIn(excerpt)) {
			excerpt = excerpt.replace(form.text(), "*".repeat(6));
		}
		return excerpt.strip();
	}

	private static long power(long base, int exponent) {
		long power = 1;
		for (int i = 0; i < exponent; i++) {
			power *= base;
		}
		return power;
	}

	private record Form(String name, String text) {

	}

}
