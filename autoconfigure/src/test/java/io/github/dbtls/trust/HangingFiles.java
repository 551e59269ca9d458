package io.github.dbtls.trust;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.dbtls.TlsPolicy;

/**
 * Files of a network file system whose server is away at times: reading them does not
 * return until it is back, and nothing interrupts it.
 */
public final class HangingFiles {

	private final AtomicInteger reads = new AtomicInteger();

	private volatile CountDownLatch server = new CountDownLatch(0);

	/**
	 * Return where the material of a policy comes from, on this file system.
	 * @param policy the policy
	 * @return its source
	 */
	public MaterialSource source(TlsPolicy policy) {
		LoadContext standard = LoadContext.standard();
		return MaterialSource.of(policy, null,
				new LoadContext(standard.clock(), standard.classLoader(), standard.limits(), this::open));
	}

	/**
	 * Let the server be away.
	 */
	public void hang() {
		this.server = new CountDownLatch(1);
	}

	/**
	 * Let the server be back.
	 */
	public void comeBack() {
		this.server.countDown();
	}

	/**
	 * Return how often reading a file was begun.
	 * @return the number
	 */
	public int reads() {
		return this.reads.get();
	}

	private InputStream open(Path file) throws IOException {
		this.reads.incrementAndGet();
		boolean interrupted = false;
		CountDownLatch server = this.server;
		while (true) {
			try {
				server.await();
				break;
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		return Files.newInputStream(file);
	}

}
