package io.github.dbtls.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * All samples and notes of a run. They travel from the JVM that measures to the one that
 * reports in the same form in which they are kept beside the report: lines of CSV.
 */
final class Results {

	private static final String HEADER = "kind,scenario,jdk,server,tls,key,setting,contestant,"
			+ "round,operations,nanos,cpuNanos,bytes,resumed";

	private static final Pattern COMMA_OUTSIDE_QUOTES = Pattern.compile(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");

	private final List<Sample> samples = new ArrayList<>();

	private final List<Note> notes = new ArrayList<>();

	void add(Sample sample) {
		this.samples.add(sample);
	}

	void add(Note note) {
		this.notes.add(note);
	}

	void addAll(Results other) {
		this.samples.addAll(other.samples);
		this.notes.addAll(other.notes);
	}

	List<Sample> samples() {
		return List.copyOf(this.samples);
	}

	List<Sample> samples(Group group, String contestant) {
		return this.samples.stream()
			.filter((sample) -> sample.group().equals(group) && sample.contestant().equals(contestant))
			.toList();
	}

	List<Note> notes() {
		return List.copyOf(this.notes);
	}

	Set<Group> groups() {
		Set<Group> groups = new LinkedHashSet<>();
		Stream.concat(this.samples.stream().map(Sample::group), this.notes.stream().map(Note::group))
			.forEach(groups::add);
		return groups;
	}

	Set<String> contestants(Group group) {
		Set<String> names = new LinkedHashSet<>();
		this.samples.stream()
			.filter((sample) -> sample.group().equals(group))
			.forEach((sample) -> names.add(sample.contestant()));
		return names;
	}

	void write(Path file) throws IOException {
		List<String> lines = new ArrayList<>(List.of(HEADER));
		for (Sample sample : this.samples) {
			lines.add(
					line("sample", sample.group(), sample.contestant()) + ",%d,%d,%d,%d,%d,%d".formatted(sample.round(),
							sample.operations(), sample.nanos(), sample.cpuNanos(), sample.bytes(), sample.resumed()));
		}
		for (Note note : this.notes) {
			lines.add(line("note", note.group(), note.contestant()) + "," + field(note.text()));
		}
		Files.write(file, lines);
	}

	private static String line(String kind, Group group, String contestant) {
		Leg.Label leg = group.leg();
		return String.join(",", kind, field(group.scenario()), Integer.toString(leg.jdk()), field(leg.server()),
				field(leg.tls()), field(leg.key()), field(group.setting()), field(contestant));
	}

	private static String field(String text) {
		String line = text.replace('"', '\'').replaceAll("\\s+", " ");
		return line.contains(",") ? '"' + line + '"' : line;
	}

	static Results read(Path file) throws IOException {
		Results results = new Results();
		List<String> lines = Files.readAllLines(file);
		for (String line : lines.subList(1, lines.size())) {
			String[] fields = fields(line);
			Group group = new Group(fields[1],
					new Leg.Label(Integer.parseInt(fields[2]), fields[3], fields[4], fields[5]), fields[6]);
			if (fields[0].equals("note")) {
				results.add(new Note(group, fields[7], fields[8]));
			}
			else {
				results.add(new Sample(group, fields[7], Integer.parseInt(fields[8]), Long.parseLong(fields[9]),
						Long.parseLong(fields[10]), Long.parseLong(fields[11]), Long.parseLong(fields[12]),
						Long.parseLong(fields[13])));
			}
		}
		return results;
	}

	private static String[] fields(String line) {
		String[] fields = COMMA_OUTSIDE_QUOTES.split(line, -1);
		for (int i = 0; i < fields.length; i++) {
			fields[i] = fields[i].replace("\"", "");
		}
		return fields;
	}

}
