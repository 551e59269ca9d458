package io.github.dbtls.sample.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.util.StringUtils;

/**
 * The configuration that is in force, as its author wrote it. Where it is not in one
 * file, it says so rather than show what is only half of it.
 */
final class ConfigurationText {

	/**
	 * How Spring Boot tells of a place in a file, such as
	 * {@code class path resource [application.yml] from app.jar - 8:13}.
	 */
	private static final Pattern LOCATION = Pattern
		.compile("(?<kind>class path resource|file) \\[(?<path>[^]]+)](?: from .*)? - (?<line>\\d+):\\d+");

	/**
	 * A key with its whole value. Whoever writes a value in another way, over several
	 * lines or between braces, has it hidden with all else.
	 */
	private static final Pattern PASSWORD = Pattern.compile(
			"(?<key>\\s*(?<quote>[\"']?)[\\w.-]+\\k<quote>\\s*:\\s+)(?<value>\"[^\"]*\"|'[^']*'|[^\\s\"'|>&*!?{\\[].*)");

	private static final Pattern FLOW = Pattern.compile("(?<!\\$)[{\\[]");

	private static final Pattern PLACEHOLDER = Pattern.compile("(?<quote>['\"]?)\\$\\{[^:}]+}\\k<quote>");

	private static final Pattern NO_LETTER = Pattern.compile("[^A-Za-z]");

	private ConfigurationText() {
	}

	/**
	 * Return the configuration.
	 * @param policy what was decided
	 * @return where it stands and what it says, or {@code null} if there is none
	 */
	static LiveState.@Nullable Yaml of(List<LiveState.Setting> policy) {
		List<LiveState.Setting> written = policy.stream()
			.filter((setting) -> setting.property() != null && !namesPassword(setting.property()))
			.toList();
		if (written.isEmpty()) {
			return null;
		}
		String location = Objects.requireNonNullElse(written.get(0).location(), "unknown");
		Matcher place = LOCATION.matcher(location);
		if (place.matches()) {
			Block block = block(place);
			if (block != null) {
				return new LiveState.Yaml(place.group("path"), block.text(), elsewhere(written, place, block));
			}
		}
		return new LiveState.Yaml(location, inForce(written), List.of());
	}

	private static @Nullable Block block(Matcher place) {
		Resource file = place.group("kind").equals("file") ? new FileSystemResource(place.group("path"))
				: new ClassPathResource(place.group("path"));
		try {
			List<String> lines = file.getContentAsString(StandardCharsets.UTF_8).lines().toList();
			return block(lines, line(place) - 1);
		}
		catch (IOException ex) {
			return null;
		}
	}

	private static @Nullable Block block(List<String> lines, int line) {
		int start = Math.min(line, lines.size() - 1);
		while (start >= 0 && belongsToBlock(lines.get(start))) {
			start--;
		}
		if (start < 0 || !lines.get(start).startsWith("dbtls:")) {
			return null;
		}
		int end = start + 1;
		while (end < lines.size() && belongsToBlock(lines.get(end))) {
			end++;
		}
		List<String> text = withoutPasswords(lines.subList(start, end));
		return (text != null) ? new Block(start + 1, end, String.join("\n", text).stripTrailing() + "\n") : null;
	}

	private static boolean belongsToBlock(String line) {
		return line.isBlank() || Character.isWhitespace(line.charAt(0));
	}

	/**
	 * Hide the passwords: everybody who reaches the page reads it.
	 * @param block the lines of the file
	 * @return the lines to show, or {@code null} if a password may be where it is not
	 * seen
	 */
	private static @Nullable List<String> withoutPasswords(List<String> block) {
		List<String> shown = new ArrayList<>(block);
		boolean flow = block.stream().anyMatch((line) -> FLOW.matcher(line).find());
		for (int i = 0; i < block.size(); i++) {
			if (namesPassword(block.get(i))) {
				Matcher matcher = PASSWORD.matcher(block.get(i));
				if (flow || !matcher.matches() || !namesPassword(matcher.group("key")) || goesOn(block, i)) {
					return null;
				}
				if (!PLACEHOLDER.matcher(matcher.group("value")).matches()) {
					shown.set(i, matcher.group("key") + "******");
				}
			}
		}
		return shown;
	}

	// However Spring Boot lets it be spelled: caPassword, CA_PASSWORD, ca-pass-word.
	private static boolean namesPassword(String text) {
		return NO_LETTER.matcher(text).replaceAll("").toLowerCase(Locale.ROOT).contains("password");
	}

	private static boolean goesOn(List<String> block, int line) {
		return block.stream()
			.skip(line + 1L)
			.filter(StringUtils::hasText)
			.findFirst()
			.filter((next) -> indentation(next) > indentation(block.get(line)))
			.isPresent();
	}

	private static int indentation(String line) {
		return line.length() - line.stripLeading().length();
	}

	private static List<LiveState.Setting> elsewhere(List<LiveState.Setting> written, Matcher place, Block block) {
		return written.stream().filter((setting) -> !isThere(setting, place, block)).toList();
	}

	private static boolean isThere(LiveState.Setting setting, Matcher place, Block block) {
		Matcher other = LOCATION.matcher(Objects.requireNonNullElse(setting.location(), ""));
		return other.matches() && other.group("kind").equals(place.group("kind"))
				&& other.group("path").equals(place.group("path")) && block.contains(line(other));
	}

	private static int line(Matcher place) {
		return Integer.parseInt(place.group("line"));
	}

	private static String inForce(List<LiveState.Setting> written) {
		return written.stream()
			.map((setting) -> setting.property() + ": " + setting.value())
			.collect(Collectors.joining("\n", "", "\n"));
	}

	/**
	 * What stands in the file under {@code dbtls}.
	 *
	 * @param first its first line, counted from 1
	 * @param last its last line
	 * @param text all of it
	 */
	private record Block(int first, int last, String text) {

		boolean contains(int line) {
			return line >= this.first && line <= this.last;
		}

	}

}
