package io.github.dbtls.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * What this JVM reads of a file, as the JVM itself records it: a witness that needs no
 * seam in what it looks at.
 */
public final class FileReads implements AutoCloseable {

	private static final String EVENT = "jdk.FileRead";

	private final Recording recording = new Recording();

	private FileReads() {
		this.recording.enable(EVENT).withoutThreshold().withoutStackTrace();
		this.recording.start();
	}

	/**
	 * Begin to record.
	 * @return the record, to be closed
	 */
	public static FileReads record() {
		return new FileReads();
	}

	/**
	 * Return how many bytes were read of a file until now.
	 * @param file the file, by the path that it was opened with
	 * @return the bytes by the name of the thread that read them
	 */
	public Map<String, Long> bytes(Path file) {
		return events().stream()
			.filter((event) -> file.toString().equals(event.getString("path")))
			.collect(Collectors.groupingBy((event) -> event.getThread().getJavaName(),
					Collectors.summingLong((event) -> Math.max(0, event.getLong("bytesRead")))));
	}

	private List<RecordedEvent> events() {
		try {
			Path file = Files.createTempFile("file-reads", ".jfr");
			try {
				this.recording.dump(file);
				return RecordingFile.readAllEvents(file)
					.stream()
					.filter((event) -> event.getEventType().getName().equals(EVENT))
					.toList();
			}
			finally {
				Files.delete(file);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.recording.close();
	}

}
