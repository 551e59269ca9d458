package io.github.dbtls.trust;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import org.jspecify.annotations.Nullable;

/**
 * Reads the zip that a cloud's console gives: the same authorities in several formats,
 * maybe in a folder and with a text beside them. The first format that occurs is taken,
 * in the order of {@link Kind}; a broken file of that format is not made up for by
 * another one.
 *
 * @param reader reads an entry
 * @param problem words what is wrong
 * @see <a href="https://cloud.tencent.com/document/product/236/76511">TencentDB: SSL</a>
 */
record ZipReader(ContentReader reader, Problem problem) {

	private static final String END_OF_CENTRAL_DIRECTORY = "PK\5\6";

	Contents read(byte[] bytes) {
		List<String> names = new ArrayList<>();
		Map<Kind, List<Entry>> found = new EnumMap<>(Kind.class);
		for (Entry entry : entries(bytes)) {
			names.add("'" + Texts.oneLine(entry.name(), 60) + "'");
			Kind kind = Kind.of(entry.bytes());
			if (kind != null) {
				found.computeIfAbsent(kind, (key) -> new ArrayList<>()).add(entry);
			}
		}
		List<X509Certificate> certificates = new ArrayList<>();
		List<String> others = new ArrayList<>();
		for (Entry entry : found.values().stream().findFirst().orElse(List.of())) {
			Contents contents = this.reader.readPlain(entry.bytes(), this.problem.inEntry(entry.name()));
			certificates.addAll(contents.certificates());
			others.addAll(contents.others());
		}
		if (certificates.isEmpty()) {
			throw this.problem.which("is a zip without a certificate in it (%s)"
				.formatted(names.isEmpty() ? "it is empty" : Texts.some(names)), Lookalike.NAME_THE_AUTHORITY);
		}
		if (certificates.size() > this.reader.limits().certificates()) {
			throw BoundedInput.tooMany(this.problem, this.reader.limits());
		}
		return new Contents(certificates, others, true);
	}

	private List<Entry> entries(byte[] bytes) {
		List<Entry> entries = new ArrayList<>();
		int number = 0;
		// Names in any encoding are read; they are never used as a path.
		try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes), StandardCharsets.ISO_8859_1)) {
			long remaining = this.reader.limits().bytes();
			for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
				number++;
				byte[] content = zip.readNBytes((int) remaining + 1);
				remaining -= content.length;
				if (remaining < 0 || number > this.reader.limits().entries()) {
					throw this.problem.which(
							"is a zip that unpacks to more than %s or %s, which is the most that is read".formatted(
									Texts.size(this.reader.limits().bytes()),
									Texts.count(this.reader.limits().entries(), "file")),
							"Unpack it, and name the certificate file that was in it.");
				}
				if (!entry.isDirectory()) {
					entries.add(new Entry(entry.getName(), content));
				}
			}
		}
		catch (EOFException ex) {
			throw this.problem.which("is a zip that is cut short", "Download it again.", ex);
		}
		catch (IOException | IllegalArgumentException ex) {
			boolean encrypted = String.valueOf(ex.getMessage()).contains("encrypted");
			throw encrypted
					? this.problem.which("is a zip with a password of its own",
							"Unpack it, and name the certificate file that was in it.", ex)
					: this.problem.which("is a zip that is damaged: " + Texts.reason(ex), "Download it again.", ex);
		}
		checkAnnounced(bytes, number);
		return entries;
	}

	/**
	 * Compare with the number of entries that the end of the central directory announces:
	 * a stream takes the first byte that begins no entry for the end of all entries.
	 */
	private void checkAnnounced(byte[] bytes, int number) {
		int end = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf(END_OF_CENTRAL_DIRECTORY);
		if (end == -1 || end + 12 > bytes.length) {
			throw this.problem.which("is a zip that is cut short", "Download it again.");
		}
		int announced = (bytes[end + 10] & 0xFF) | (bytes[end + 11] & 0xFF) << 8;
		if (announced != number) {
			throw this.problem.which("is a zip that is damaged: it announces %s and has %d"
				.formatted(Texts.count(announced, "file"), number), "Download it again.");
		}
	}

	private record Entry(String name, byte[] bytes) {
	}

	/** What an entry holds, the format that is taken first in front. */
	private enum Kind {

		PEM, PKCS7, DER, JKS, PKCS12;

		private static final Pattern CERTIFICATE = Pattern
			.compile("\\s*-----BEGIN ([^-]* )?(CERTIFICATE|PKCS7|PKCS #7 SIGNED DATA|CMS)-----.*");

		static @Nullable Kind of(byte[] bytes) {
			return switch (Format.of(bytes)) {
				case TEXT -> isPem(bytes) ? PEM : null;
				case JKS -> JKS;
				case DER -> switch (DerKind.of(bytes)) {
					case CERTIFICATE -> DER;
					case PKCS7 -> PKCS7;
					case PKCS12 -> PKCS12;
					default -> null;
				};
				default -> null;
			};
		}

		private static boolean isPem(byte[] bytes) {
			return new String(bytes, StandardCharsets.UTF_8).replace("\uFEFF", "")
				.lines()
				.anyMatch((line) -> CERTIFICATE.matcher(line).matches());
		}

	}

}
