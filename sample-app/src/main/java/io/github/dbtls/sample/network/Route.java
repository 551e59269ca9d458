package io.github.dbtls.sample.network;

import java.io.IOException;
import java.net.Socket;

/**
 * Where a connection that came through the {@link Gate} goes.
 */
@FunctionalInterface
public interface Route {

	/**
	 * Serve a connection until it ends. The caller closes all that is in the line then.
	 * @param client the connection of the application
	 * @param line takes what has to be closed with it
	 * @throws IOException if either side is gone
	 */
	void serve(Socket client, Line line) throws IOException;

}
